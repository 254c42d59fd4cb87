// Which point of the front is looked at, and the few that have a name.

import type { PlanTotals } from '~/api/price-plan'
import { approximate } from '~/lib/money'

export type Preset = 'margin' | 'balanced' | 'revenue' | 'low-prices'

export const PRESETS: readonly { value: Preset; title: string }[] = [
  { value: 'margin', title: 'Most margin' },
  { value: 'balanced', title: 'Balanced' },
  { value: 'revenue', title: 'Most revenue' },
  { value: 'low-prices', title: 'Low prices' },
]

/** The place of the point with the highest score; the first of equals. */
function best(points: readonly PlanTotals[], score: (point: PlanTotals) => number): number {
  return points.reduce((place, point, index) => (score(point) > score(points[place] ?? point) ? index : place), 0)
}

/** The place of a named point among the points of the front. `Low prices` must not earn less margin than today does. */
export function placeOf(preset: Preset, points: readonly PlanTotals[], today: PlanTotals): number {
  const margin = (point: PlanTotals) => approximate(point.margin)
  const revenue = (point: PlanTotals) => approximate(point.revenue)
  switch (preset) {
    case 'margin':
      return best(points, margin)
    case 'revenue':
      return best(points, revenue)
    case 'balanced':
      return best(points, (point) => margin(point) + revenue(point))
    case 'low-prices':
      return best(points, (point) => (margin(point) >= margin(today) ? 0 : -1_000) - point.price_index)
  }
}

/** The place that the address asks for; without one, the point with the most margin. */
export function chosenPlace(asked: string | undefined, points: readonly PlanTotals[], today: PlanTotals): number {
  const place = Number(asked)
  if (asked !== undefined && Number.isInteger(place) && place >= 1 && place <= points.length) return place - 1
  return placeOf('margin', points, today)
}
