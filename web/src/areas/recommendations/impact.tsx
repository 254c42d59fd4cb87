import type { Recommendation } from '~/api/types'
import { formatMoney, formatMoneyBrief, formatMoneyInterval, plural } from '~/lib/format'
import styles from './impact.module.css'

/** The expected effect and how sure it is: "+£640 (£205–£1,094) in 28 days". */
export function Impact({ recommendation, size = 'row' }: { recommendation: Recommendation; size?: 'row' | 'large' }) {
  const { impact, impact_low80: low, impact_high80: high, horizon_days: days } = recommendation
  return (
    <div className={size === 'large' ? styles.large : styles.row}>
      <span className={styles.amount} title={formatMoney(impact, { signed: true })}>
        {formatMoneyBrief(impact, true)}
      </span>
      <span className={styles.interval} title="80% interval">
        {formatMoneyInterval(low, high)}
        {size === 'large' && ` with 80% probability, over ${plural(days, 'day')}`}
      </span>
    </div>
  )
}
