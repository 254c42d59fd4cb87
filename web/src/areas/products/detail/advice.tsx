import { IconBulb } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ElasticityDetail, Evidence, ProductDetail, Recommendation } from '~/api/types'
import { DecisionButtons } from '~/areas/recommendations/decision-buttons'
import { EvidenceList, GuardRails } from '~/areas/recommendations/evidence'
import { Impact } from '~/areas/recommendations/impact'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { useDecide } from '~/areas/recommendations/use-decide'
import { railName, titleOf } from '~/areas/recommendations/words'
import { formatCount, formatMoneyNumber } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import { EmptyState } from '~/ui/states'
import { When } from '~/ui/when'
import styles from './advice.module.css'

/** What to do with this product, why, and what earlier advice came to. */
export function Advice({ product }: { product: ProductDetail }) {
  const open = product.recommendations.filter(({ state }) => state === 'open')
  const past = product.recommendations.filter(({ state }) => state !== 'open')
  const fallback = product.price_model?.advice
  return (
    <Panel title="Recommendations" flush>
      {open.length === 0 && (
        <EmptyState icon={IconBulb} title="Nothing to do">
          {(fallback && sentence(fallback.reason)) ?? 'No change is expected to earn more within your limits.'}
        </EmptyState>
      )}
      {open.length === 0 && product.price_model && (
        <div className={styles.basis}>
          <EvidenceList evidence={basisOf(product.price_model)} />
        </div>
      )}
      {open.map((each) => (
        <OpenAdvice key={each.id} recommendation={each} />
      ))}
      {past.length > 0 && <Past recommendations={past} />}
    </Panel>
  )
}

/** What the model knows about this price, when it has nothing to advise. */
function basisOf({
  elasticity,
  low95,
  high95,
  prices,
  observations,
  support,
  currency,
  advice,
}: ElasticityDetail): Evidence[] {
  const two = (value: number) => formatCount(value, 2)
  const tried = `${formatMoneyNumber(support.low, currency)}–${formatMoneyNumber(support.high, currency)}`
  const row = (label: string, value: string): Evidence => ({ label, value, unit: null, link: null })
  return [
    row('Price elasticity, 95% interval', `${two(elasticity)} (${two(low95)} to ${two(high95)})`),
    row('Prices tried', `${formatCount(prices)}, ${tried}`),
    row('Observations', formatCount(observations)),
    ...(advice.binding_constraint === null ? [] : [row('Limit that binds', railName(advice.binding_constraint))]),
  ]
}

function OpenAdvice({ recommendation }: { recommendation: Recommendation }) {
  const decide = useDecide()
  const { icon: Glyph, title } = KINDS[recommendation.kind]
  return (
    <article className={styles.advice} aria-label={titleOf(recommendation)}>
      <p className={styles.kind}>
        <Glyph size={14} stroke={1.8} aria-hidden />
        {title}
      </p>
      <h3 className={styles.title}>{titleOf(recommendation)}</h3>
      <Impact recommendation={recommendation} size="large" />
      <p className={styles.sentence}>{sentence(recommendation.reason)}</p>
      <DecisionButtons
        subject={titleOf(recommendation)}
        onDecide={(decision) => decide([recommendation.id], decision)}
      />
      <div className={styles.proof}>
        <EvidenceList evidence={recommendation.evidence} />
        <GuardRails recommendation={recommendation} />
      </div>
    </article>
  )
}

function Past({ recommendations }: { recommendations: readonly Recommendation[] }) {
  return (
    <div className={styles.past}>
      <h3 className={styles.pastTitle}>Earlier</h3>
      <ul>
        {recommendations.map((each) => (
          <li key={each.id} className={styles.pastRow}>
            <Link to="/recommendations" search={{ state: 'all', open: each.id }}>
              {titleOf(each)}
            </Link>
            <span>{STATES[each.state]}</span>
            <span>{each.decided_at && <When at={each.decided_at} />}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
