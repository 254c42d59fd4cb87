// Own price, rivals and cost as steps over days.

import type { PricePoint, ProductDetail } from '~/api/types'
import type { ChartSpec, Line } from '~/charts/spec'
import { addDays, type Day, dayIn, dayOfSeconds, daySeconds, daysBetween, formatDay } from '~/lib/days'
import { formatMoneyNumber } from '~/lib/format'

// More rivals than this are drawn without a name: the labels would cover each other.
const NAMED_RIVALS = 4

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

/** Days are days of `zone`. */
export function priceSpec(
  { price_history: history, demand }: Pick<ProductDetail, 'price_history' | 'demand'>,
  currency: string,
  zone: string,
): ChartSpec {
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
