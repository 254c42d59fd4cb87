// History and forecast on one axis of days, joined where the last complete day ends.

import type { DayPoint, ForecastPoint } from '~/api/types'
import type { Band, Line } from '~/charts/spec'
import { daySeconds, daysBetween } from '~/lib/days'

export type Fan = { x: number[]; history: Line; partial: Line; forecast: Line; bands: Band[] }

/** `history` solid, the running day dashed, the forecast in the same hue with its 80 and 95 % bands. */
export function makeFan(
  history: readonly DayPoint[],
  forecast: readonly ForecastPoint[],
  { label, shape }: { label: string; shape: 'area' | 'bars' | 'line' },
): Fan {
  const past = new Map(history.map((point) => [point.day, point]))
  const ahead = new Map(forecast.map((point) => [point.day, point]))
  const days = [...new Set([...past.keys(), ...ahead.keys()])].sort()
  const complete = history.filter((point) => !point.is_partial)
  const join = complete.at(-1)
  const partialDay = history.findLast((point) => point.is_partial)?.day

  const first = forecast[0]
  // Bars stand alone. A line goes on: from the last complete day to the first forecast, across a day that is not over, runs a straight line.
  const over = (pick: (point: ForecastPoint) => number) =>
    days.map((day) => {
      const point = ahead.get(day)
      if (point) return pick(point)
      if (shape === 'bars' || !first || !join || join.value === null || day < join.day) return null
      const way = daysBetween(join.day, day) / daysBetween(join.day, first.day)
      return join.value + (pick(first) - join.value) * way
    })
  return {
    x: days.map(daySeconds),
    history: {
      label,
      colour: 'accent',
      shape,
      values: days.map((day) => (past.get(day)?.is_partial ? null : (past.get(day)?.value ?? null))),
    },
    partial: {
      label: 'Day not over yet',
      colour: 'accent',
      shape: 'dots',
      values: days.map((day) => (day === partialDay ? (past.get(day)?.value ?? null) : null)),
    },
    forecast: { label: 'Forecast', colour: 'accent', shape: 'dashed', width: 1.5, values: over((point) => point.mean) },
    bands: [
      {
        label: '95% interval',
        colour: 'accent',
        opacity: 0.09,
        low: over((p) => p.low95),
        high: over((p) => p.high95),
      },
      {
        label: '80% interval',
        colour: 'accent',
        opacity: 0.16,
        low: over((p) => p.low80),
        high: over((p) => p.high80),
      },
    ],
  }
}
