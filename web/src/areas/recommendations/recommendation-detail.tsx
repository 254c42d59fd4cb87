import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useAuthorName } from '~/api/authors'
import type { Decision } from '~/api/recommendations'
import type { Recommendation } from '~/api/types'
import { DecisionButtons } from '~/areas/recommendations/decision-buttons'
import { EvidenceList, GuardRails } from '~/areas/recommendations/evidence'
import { EvidenceChart } from '~/areas/recommendations/evidence-chart'
import { Impact } from '~/areas/recommendations/impact'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { actionOf, titleOf } from '~/areas/recommendations/words'
import { may } from '~/lib/access'
import { formatChance } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { Detail } from '~/ui/detail'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './recommendation-detail.module.css'

type Props = { recommendation: Recommendation; onDecide: (decision: Decision) => void }

/** Why, how sure, within which limits, and the decision. */
export function RecommendationDetail({ recommendation, onDecide }: Props) {
  const { kind, product_title: product, sku, state } = recommendation
  const { icon: Glyph, title: kindTitle } = KINDS[kind]
  return (
    <Detail
      kind={
        <>
          <Glyph size={14} stroke={1.8} aria-hidden />
          {kindTitle}
          <span className={styles.sure} title="How likely it is to earn more than leaving things as they are">
            {formatChance(recommendation.confidence)}
          </span>
        </>
      }
      title={titleOf(recommendation)}
      sku={sku}
      product={product}
    >
      <div>
        <Impact recommendation={recommendation} size="large" />
        <p className={styles.sentence}>{sentence(recommendation.reason)}</p>
      </div>
      {state === 'open' ? (
        <DecisionButtons acceptLabel={actionOf(recommendation)} subject={product} onDecide={onDecide} />
      ) : (
        <Decided recommendation={recommendation} onUndo={() => onDecide({ action: 'undo' })} />
      )}
      <EvidenceChart recommendation={recommendation} />
      <div className={styles.proof}>
        <EvidenceList evidence={recommendation.evidence} />
        <GuardRails recommendation={recommendation} />
      </div>
      <p className={styles.foot}>
        {sentence(recommendation.sentence)} Computed <When at={recommendation.updated_at} />
        {recommendation.expires_at && (
          <>
            , expires <When at={recommendation.expires_at} />
          </>
        )}
      </p>
    </Detail>
  )
}

function Decided({ recommendation, onUndo }: { recommendation: Recommendation; onUndo: () => void }) {
  const me = useMe()
  const nameOf = useAuthorName()
  const { state, decided_by: who, decided_at: at, decision_reason: reason } = recommendation
  const canUndo = may(me, 'decisions:write') && (state === 'accepted' || state === 'dismissed' || state === 'snoozed')
  return (
    <div className={styles.decided}>
      <p>
        <strong>{STATES[state]}</strong>
        {who && ` by ${nameOf(who)}`} {at && <When at={at} />}
        {reason && `: ${reason}`}
      </p>
      {canUndo && (
        <Button variant="default" leftSection={<IconArrowBackUp size={14} />} onClick={onUndo}>
          Undo
        </Button>
      )}
    </div>
  )
}
