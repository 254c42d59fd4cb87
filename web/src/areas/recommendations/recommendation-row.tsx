import type { Recommendation } from '~/api/types'
import { Impact } from '~/areas/recommendations/impact'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { titleOf } from '~/areas/recommendations/words'
import styles from './recommendation-row.module.css'

export function RecommendationRow({ recommendation }: { recommendation: Recommendation }) {
  const { icon: Glyph, title } = KINDS[recommendation.kind]
  return (
    <span className={styles.row}>
      <span className={styles.glyph} title={title}>
        <Glyph size={16} stroke={1.7} aria-hidden />
      </span>
      <span className={styles.text}>
        <span className={styles.title}>{titleOf(recommendation)}</span>
        <span className={styles.product}>{recommendation.product_title}</span>
      </span>
      <span className={styles.end}>
        {recommendation.state === 'open' ? (
          <Impact recommendation={recommendation} />
        ) : (
          <span className={styles.state}>{STATES[recommendation.state]}</span>
        )}
      </span>
    </span>
  )
}
