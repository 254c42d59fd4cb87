import { useMemo } from 'react'
import type { Simulation } from '~/api/simulation'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { formatRatio } from '~/lib/format'
import styles from './question.module.css'

/** How likely the stock is gone by each day, under both plans. Absent where stock limits neither. */
export function StockOutChart({ simulation }: { simulation: Simulation }) {
  const spec = useMemo(() => stockOutSpec(simulation), [simulation])
  const { baseline, scenario } = simulation
  if (Math.max(baseline.stock_out.probability, scenario.stock_out.probability) === 0) return null
  return (
    <figure>
      <figcaption className={styles.caption}>Probability that stock has run out</figcaption>
      <LineChart
        hasLegend
        spec={spec}
        height={140}
        label="Probability that stock has run out, by day, under both plans"
      />
    </figure>
  )
}

function stockOutSpec({ baseline, scenario }: Simulation): ChartSpec {
  const percent = (value: number) => formatRatio(value, { digits: 0 })
  return {
    x: scenario.stock_out.by_day.map(({ day }) => daySeconds(day)),
    axis: 'days',
    lines: [
      {
        label: 'As it stands',
        colour: 'rival',
        shape: 'dashed',
        values: baseline.stock_out.by_day.map(({ probability }) => probability),
      },
      { label: 'Simulated', colour: 'accent', values: scenario.stock_out.by_day.map(({ probability }) => probability) },
    ],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: percent,
    formatValue: percent,
    fromZero: true,
  }
}
