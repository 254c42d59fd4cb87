import { useMemo } from 'react'
import type { ProductDetail } from '~/api/types'
import { priceSpec } from '~/areas/products/detail/price-spec'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, formatDay } from '~/lib/days'
import { formatRatio } from '~/lib/format'
import { useMe } from '~/ui/use-me'

/** Own price as steps over the rivals' greys: who moved when. */
export function PriceHistory({ product }: { product: ProductDetail }) {
  const { currency, time_zone: zone } = useMe().merchant
  const spec = useMemo(() => priceSpec(product, currency, zone), [product, currency, zone])
  const title = finding(product)
  return (
    <ChartPanel title={title} subtitle="Own price, rivals and unit cost" twin={() => twin(spec)}>
      <LineChart
        spec={spec}
        height={240}
        syncKey="product-days"
        label={`${title}. Own price, rivals and cost by day.`}
      />
    </ChartPanel>
  )
}

function finding({ price_history: history }: ProductDetail): string {
  const own = history.own.at(-1)?.price
  const rivals = history.rivals.flatMap(({ name, points }) => {
    const last = points.at(-1)
    return last && last.in_stock !== false ? [{ name, price: last.price }] : []
  })
  if (own === undefined) return 'No price of yours is known yet'
  if (rivals.length === 0) return 'Your price over time'
  const cheapest = rivals.reduce((low, each) => (each.price < low.price ? each : low))
  const gap = own / cheapest.price - 1
  if (Math.abs(gap) < 0.005) return `Level with ${cheapest.name}, the cheapest rival in stock`
  return `You are ${formatRatio(Math.abs(gap), { digits: 0 })} ${gap > 0 ? 'above' : 'below'} ${cheapest.name}, the cheapest rival`
}

function twin({ x, lines, formatValue }: ChartSpec): Twin {
  const rows = x.map((at, index) => [
    formatDay(dayOfSeconds(at)),
    ...lines.map(({ values }) => {
      const value = values[index]
      return value === null || value === undefined ? '' : formatValue(value)
    }),
  ])
  // Only the days on which something moved.
  const changed = rows.filter((row, index) => index === 0 || row.slice(1).join() !== rows[index - 1]?.slice(1).join())
  return { columns: ['From', ...lines.map((line) => line.label)], rows: changed }
}
