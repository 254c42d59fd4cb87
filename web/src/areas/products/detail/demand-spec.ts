import type { ProductDetail } from '~/api/types'
import { makeFan } from '~/charts/fan'
import type { ChartSpec, Region } from '~/charts/spec'
import { addDays, dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { formatCount, formatExpected } from '~/lib/format'
import { prose } from '~/lib/prose'

/** Neighbouring out-of-stock days as one stretch. */
function censoredRegions(history: ProductDetail['demand']['history']): Region[] {
  const regions: Region[] = []
  let from: string | null = null
  for (const [index, point] of history.entries()) {
    if (point.censored) from ??= point.day
    const next = history[index + 1]
    if (from !== null && !next?.censored) {
      regions.push({
        from: daySeconds(from),
        to: daySeconds(addDays(point.day, 1)),
        kind: 'hatch',
        text: 'Out of stock',
      })
      from = null
    }
  }
  return regions
}

/** Beyond so many days single bars cannot be told apart: the series becomes a line. */
const BAR_DAYS_MAX = 130

/** Units a day with the forecast fan, over the last `days` of history; out-of-stock stretches are hatched. */
export function demandSpec(demand: ProductDetail['demand'], days: number): ChartSpec {
  const shown = demand.history.slice(-days)
  const first = shown[0]?.day ?? ''
  // An out-of-stock day says nothing about demand: a gap, not a zero.
  const history = shown.map(({ day, value, censored }) => ({ day, value: censored ? null : value }))
  const shape = history.length > BAR_DAYS_MAX ? 'area' : 'bars'
  const fan = makeFan(history, demand.forecast, { label: 'Sold', shape })
  return {
    x: fan.x,
    axis: 'days',
    lines: [fan.history, fan.forecast, fan.partial],
    bands: fan.bands,
    regions: censoredRegions(shown),
    marks: demand.annotations
      .filter(({ kind, day }) => kind !== 'stock_out' && day >= first)
      .map(({ day, text, kind }) => ({
        x: daySeconds(day),
        text: prose(text),
        colour: kind === 'anomaly' ? 'warning' : 'muted',
      })),
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatCount(value, value < 5 ? 1 : 0),
    formatValue: (value) => `${formatExpected(value)} units`,
    fromZero: true,
  }
}
