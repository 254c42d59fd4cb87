import { useMemo } from 'react'
import type { PricePoint, ProductDetail } from '~/api/types'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec, Line } from '~/charts/spec'
import { addDays, type Day, dayIn, dayOfSeconds, daySeconds, daysBetween, formatDay } from '~/lib/days'
import { formatMoneyNumber, formatRatio } from '~/lib/format'
import { useMe } from '~/ui/use-me'

// More rivals than this are drawn without a name: the labels would cover each other.
const NAMED_RIVALS = 4

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

/** A price from a day on, in the shop's zone. */
type Step = { day: Day; price: number }

function steps(points: readonly PricePoint[], zone: string): Step[] {
  const known = points.map(({ at, price }) => ({ day: dayIn(zone, at), price }))
  return known.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

/** Every day from the first observed price to the last day the product is known. */
function dayGrid(observed: readonly Step[][], lastSale: Day | undefined): Day[] {
  const known = observed.flat().map((step) => step.day)
  if (known.length > 0 && lastSale !== undefined) known.push(lastSale)
  known.sort()
  const first = known[0]
  const last = known.at(-1)
  if (first === undefined || last === undefined) return []
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index))
}

/** A price holds until the next one is seen; before the first there is none. */
function hold(seen: readonly Step[], days: readonly Day[]): (number | null)[] {
  let next = 0
  let price: number | null = null
  return days.map((day) => {
    for (let step = seen[next]; step && step.day <= day; step = seen[next]) {
      price = step.price
      next += 1
    }
    return price
  })
}

function priceSpec({ price_history: history, demand }: ProductDetail, currency: string, zone: string): ChartSpec {
  const money = (value: number) => formatMoneyNumber(value, currency)
  const own = steps(history.own, zone)
  const offers = history.rivals.map(({ name, points }) => ({ name, seen: steps(points, zone) }))
  const days = dayGrid([own, ...offers.map(({ seen }) => seen)], demand.history.at(-1)?.day)
  const rivals = offers.map(
    ({ name, seen }, index): Line => ({
      label: name,
      colour: 'rival',
      shape: 'step',
      width: 1.25,
      values: hold(seen, days),
      ...(index < NAMED_RIVALS ? { endLabel: name } : {}),
    }),
  )
  const cost: Line[] =
    history.cost.length === 0
      ? []
      : [
          {
            label: 'Cost',
            colour: 'muted',
            shape: 'dashed',
            values: hold(steps(history.cost, zone), days),
            endLabel: 'Cost',
          },
        ]
  return {
    x: days.map(daySeconds),
    axis: 'days',
    lines: [
      ...rivals,
      ...cost,
      {
        label: 'Your price',
        colour: 'accent',
        shape: 'step',
        width: 2,
        values: hold(own, days),
        endLabel: 'You',
      },
    ],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: money,
    formatValue: money,
    fromZero: false,
  }
}

function twin({ x, lines, formatValue }: ChartSpec): Twin {
  const rows = x.map((at, index) => [
    dayOfSeconds(at),
    ...lines.map(({ values }) => {
      const value = values[index]
      return value === null || value === undefined ? '' : formatValue(value)
    }),
  ])
  // Only the days on which something moved.
  const changed = rows.filter((row, index) => index === 0 || row.slice(1).join() !== rows[index - 1]?.slice(1).join())
  return { columns: ['From', ...lines.map((line) => line.label)], rows: changed }
}
