import type { PriceTestDetail } from '~/api/price-tests'
import { ROLES } from '~/areas/price-tests/words'
import { addDays, type Day, formatDayRange } from '~/lib/days'
import { formatMoney, plural } from '~/lib/format'
import styles from './price-tests.module.css'

type Days = PriceTestDetail['schedule']
type Stretch = { from: Day; to: Day; price: Days[number]['price']; settling: number }

/** Which price on which days: one line per stretch. */
export function Schedule({ days, today }: { days: Days; today: Day | null }) {
  const stretches = stretchesOf(days)
  return (
    <details className={styles.schedule}>
      <summary>Schedule: {plural(stretches.length, 'stretch', 'stretches')}</summary>
      <ol>
        {stretches.map(({ from, to, price, settling }) => (
          <li key={from} aria-current={today !== null && from <= today && today <= to ? 'date' : undefined}>
            <span>{formatDayRange(from, to)}</span>
            <span>{formatMoney(price)}</span>
            <span className={styles.note}>
              {settling > 0 && `${plural(settling, 'day')}: ${(ROLES.washout ?? '').toLowerCase()}`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Neighbouring days with one price. */
function stretchesOf(days: Days): Stretch[] {
  const stretches: Stretch[] = []
  for (const { day, price, role } of days) {
    const last = stretches.at(-1)
    const settles = role === 'counted' ? 0 : 1
    if (last && last.price.amount === price.amount && addDays(last.to, 1) === day) {
      last.to = day
      last.settling += settles
    } else {
      stretches.push({ from: day, to: day, price, settling: settles })
    }
  }
  return stretches
}
