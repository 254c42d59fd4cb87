import type { PriceTestReading } from '~/api/price-tests'
import { DROPPED } from '~/areas/price-tests/words'
import { formatCount, formatMoney, formatMoneyBrief, formatRatio, plural } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { DataTable } from '~/ui/data-table'
import styles from './price-tests.module.css'

/** What a test says so far. Its intervals hold however often one looks. */
export function Reading({ reading }: { reading: PriceTestReading }) {
  const { comparisons, elasticity, days_dropped: dropped } = reading
  const left = dropped.filter(({ days }) => days > 0)
  return (
    <section className={styles.reading}>
      <p className={styles.sentence}>{sentence(reading.summary)}</p>
      <DataTable
        label="Test prices against today’s"
        columns={[
          { title: 'Price' },
          { title: 'Earns, against today’s', isNumber: true },
          { title: '95% interval', isNumber: true },
          { title: 'A day', isNumber: true },
        ]}
        empty="Nothing to compare yet."
        rows={comparisons.map(({ price, change_ratio: change, change_per_day: perDay }) => ({
          key: price.amount,
          cells: [
            formatMoney(price),
            change === null ? 'open' : formatRatio(change.expected, { signed: true }),
            change === null
              ? '–'
              : `${formatRatio(change.low, { signed: true })} to ${formatRatio(change.high, { signed: true })}`,
            formatMoneyBrief(perDay, true),
          ],
        }))}
      />
      <p className={styles.note}>
        {plural(reading.days_counted, 'day')} counted
        {left.length > 0 &&
          `; left out: ${left.map(({ reason, days }) => `${days} (${DROPPED[reason] ?? reason})`).join(', ')}`}
        . {elasticity !== null && `Elasticity by the test alone: ${range(elasticity)}. `}
        Cost so far: {formatMoneyBrief(reading.cost_so_far)}.
      </p>
    </section>
  )
}

function range({ expected, low, high }: NonNullable<PriceTestReading['elasticity']>): string {
  return `${formatCount(expected, 1)} (${formatCount(low, 1)} to ${formatCount(high, 1)})`
}
