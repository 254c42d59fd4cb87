import { Button } from '@mantine/core'
import { IconArrowBackUp, IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useAuthorName } from '~/api/authors'
import type { Decision } from '~/api/recommendations'
import type { Recommendation } from '~/api/types'
import { DecisionButtons } from '~/areas/recommendations/decision-buttons'
import { EvidenceList, GuardRails } from '~/areas/recommendations/evidence'
import { EvidenceChart } from '~/areas/recommendations/evidence-chart'
import { Impact } from '~/areas/recommendations/impact'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { may } from '~/lib/access'
import { formatRatio } from '~/lib/format'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './recommendation-detail.module.css'

type Props = { recommendation: Recommendation; onDecide: (decision: Decision) => void }

/** Why, how sure, within which limits, and the decision. */
export function RecommendationDetail({ recommendation, onDecide }: Props) {
  const { kind, title, product_title: product, sku, state } = recommendation
  const { icon: Glyph, title: kindTitle } = KINDS[kind]
  return (
    <div className={styles.detail}>
      <header>
        <p className={styles.kind}>
          <Glyph size={14} stroke={1.8} aria-hidden />
          {kindTitle}
          <span className={styles.sure}>{formatRatio(recommendation.confidence, { digits: 0 })} confidence</span>
        </p>
        <h2 className={styles.title}>{title}</h2>
        <Link to="/products/$sku" params={{ sku }} className={styles.product}>
          {product} <span className={styles.sku}>{sku}</span>
          <IconArrowRight size={13} aria-hidden />
        </Link>
      </header>
      <div>
        <Impact recommendation={recommendation} size="large" />
        <p className={styles.sentence}>{recommendation.sentence}</p>
      </div>
      {state === 'open' ? (
        <DecisionButtons acceptLabel={recommendation.action.label} subject={product} onDecide={onDecide} />
      ) : (
        <Decided recommendation={recommendation} onUndo={() => onDecide({ action: 'undo' })} />
      )}
      <p className={styles.reason}>{recommendation.reason}</p>
      <EvidenceChart recommendation={recommendation} />
      <div className={styles.proof}>
        <EvidenceList evidence={recommendation.evidence} />
        <GuardRails rails={recommendation.guard_rails} />
      </div>
      <p className={styles.foot}>
        Computed <When at={recommendation.updated_at} />
        {recommendation.expires_at && (
          <>
            , expires <When at={recommendation.expires_at} />
          </>
        )}
      </p>
    </div>
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
