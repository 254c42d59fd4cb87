import { useMemo, useState } from 'react'
import type { ProductDetail } from '~/api/types'
import { demandSpec } from '~/areas/products/detail/demand-spec'
import { ForecastParts } from '~/areas/products/detail/forecast-parts'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import { formatDay } from '~/lib/days'
import { formatExpected, formatRatio } from '~/lib/format'
import { modelName } from '~/lib/names'
import { sentence } from '~/lib/prose'
import { FilterTabs } from '~/ui/filter-tabs'
import styles from './demand-chart.module.css'

type Span = '90' | 'all'
const DAYS: Record<Span, number> = { '90': 90, all: Number.MAX_SAFE_INTEGER }

const SPANS: readonly { value: Span; title: string }[] = [
  { value: '90', title: '90 days' },
  { value: 'all', title: 'All' },
]

/** What was sold, what is expected, and the days on which nothing could be sold. */
export function DemandChart({ product }: { product: ProductDetail }) {
  const { demand } = product
  const [span, setSpan] = useState<Span>('90')
  const spec = useMemo(() => demandSpec(demand, DAYS[span]), [demand, span])
  const title = finding(product)
  return (
    <ChartPanel
      title={title}
      subtitle={demand.model === null ? 'Units a day' : `Units a day; forecast from ${modelName(demand.model)}`}
      twin={() => twin(demand)}
      actions={<FilterTabs look="segments" label="Days shown" value={span} onChange={setSpan} options={SPANS} />}
    >
      <LineChart
        hasLegend
        spec={spec}
        height={240}
        syncKey="product-days"
        label={`${title}. Units a day with forecast.`}
      />
      <ForecastParts demand={demand} />
      <Accuracy demand={demand} />
    </ChartPanel>
  )
}

function finding({ demand, forecast_units_28d: ahead }: ProductDetail): string {
  if (demand.status === 'pending') return 'The forecast is being computed'
  if (demand.status === 'not_enough_data') return 'Not enough data for a forecast'
  return ahead === null ? 'Units a day' : `About ${formatExpected(ahead)} units expected in the next 28 days`
}

function Accuracy({ demand }: Pick<ProductDetail, 'demand'>) {
  const { accuracy } = demand
  if (!accuracy || accuracy.wape === null) return null
  return (
    <p className={styles.note} title={sentence(accuracy.note)}>
      Forecasts of single days were off by {formatRatio(accuracy.wape, { digits: 0 })} of sales on average (WAPE).
    </p>
  )
}

function twin(demand: ProductDetail['demand']): Twin {
  const count = (value: number | null) => (value === null ? '' : formatExpected(value))
  return {
    columns: ['Day', 'Sold', 'Forecast', 'Low 80%', 'High 80%', 'Note'],
    rows: [
      ...demand.history.map((point) => [
        formatDay(point.day),
        count(point.value),
        '',
        '',
        '',
        point.censored ? 'out of stock' : '',
      ]),
      ...demand.forecast.map((point) => [
        formatDay(point.day),
        '',
        count(point.mean),
        count(point.low80),
        count(point.high80),
        '',
      ]),
    ],
  }
}
