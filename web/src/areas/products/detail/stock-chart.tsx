import { useMemo } from 'react'
import type { ForecastPoint, ProductDetail } from '~/api/types'
import { ChartPanel } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { formatCount, formatExpected, plural } from '~/lib/format'
import { Panel } from '~/ui/panel'
import styles from './stock-chart.module.css'

/** Stock on hand against what sells while a delivery is on its way. */
export function StockChart({ product }: { product: ProductDetail }) {
  const { stock_plan: stock, demand } = product
  const untilDelivery = soldUntilDelivery(demand.forecast, stock.lead_time_days)
  const spec = useMemo(() => stockSpec(stock, untilDelivery), [stock, untilDelivery])
  const title = finding(stock)
  if (stock.history.length === 0) {
    return (
      <Panel title="Stock is not known">
        <p className={styles.none}>Import stock levels to see cover, and when the product runs out.</p>
      </Panel>
    )
  }
  return (
    <ChartPanel
      title={title}
      subtitle={`A delivery takes ${plural(stock.lead_time_days, 'day')}`}
      twin={() => ({
        columns: ['Day', 'Units in stock'],
        rows: stock.history.map(({ day, value }) => [formatDay(day), value === null ? '' : formatCount(value)]),
      })}
    >
      <LineChart spec={spec} height={200} syncKey="product-days" label={`${title}. Units in stock by day.`} />
    </ChartPanel>
  )
}

function finding({ stock_out_day: day, cover_days: cover }: ProductDetail['stock_plan']): string {
  if (day !== null) return `Stock runs out about ${formatDay(day, 'short')}`
  if (cover === null) return 'Units in stock'
  return cover > 365 ? 'Stock lasts more than a year' : `Stock lasts about ${plural(cover, 'day')}`
}

/** What the forecast expects to sell while a delivery is on its way; null when it does not reach so far. */
function soldUntilDelivery(forecast: readonly ForecastPoint[], leadTimeDays: number): number | null {
  if (leadTimeDays === 0 || forecast.length < leadTimeDays) return null
  return forecast.slice(0, leadTimeDays).reduce((units, day) => units + day.mean, 0)
}

function stockSpec(stock: ProductDetail['stock_plan'], untilDelivery: number | null): ChartSpec {
  return {
    x: stock.history.map(({ day }) => daySeconds(day)),
    axis: 'days',
    lines: [{ label: 'In stock', colour: 'accent', shape: 'area', values: stock.history.map(({ value }) => value) }],
    guides:
      untilDelivery === null
        ? []
        : [{ y: untilDelivery, text: `Sells ${formatExpected(untilDelivery)} until a delivery`, colour: 'warning' }],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatCount(value),
    formatValue: (value) => plural(value, 'unit'),
    fromZero: true,
  }
}
