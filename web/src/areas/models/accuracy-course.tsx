import { useMemo } from 'react'
import type { AccuracyPoint, ModelAccuracy } from '~/api/models'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { formatRatio, plural } from '~/lib/format'

/** How far the forecasts of each day were off: those made then, and those replayed later. */
export function AccuracyCourse({ accuracy: { points } }: { accuracy: ModelAccuracy }) {
  const spec = useMemo(() => courseSpec(points), [points])
  const title = finding(points)
  return (
    <ChartPanel
      title={title}
      subtitle="Error of single days over units sold (WAPE), by the day the forecast was made"
      twin={() => twin(points)}
    >
      <LineChart hasLegend spec={spec} height={240} label={`${title}. Error by the day of the forecast.`} />
    </ChartPanel>
  )
}

function finding(points: readonly AccuracyPoint[]): string {
  const replayed = points.filter((point) => point.basis === 'replayed').length
  const live = points.length - replayed
  if (live === 0) return `Accuracy, replayed from ${plural(replayed, 'day')} in the past`
  return `Accuracy of ${plural(live, 'daily forecast')}${replayed === 0 ? '' : `, and of ${replayed} replayed`}`
}

function courseSpec(points: readonly AccuracyPoint[]): ChartSpec {
  const days = [...new Set(points.map((point) => point.origin))].sort()
  const wapeOf = (basis: string) => {
    const known = new Map(points.filter((point) => point.basis === basis).map((each) => [each.origin, each.figures]))
    return days.map((day) => known.get(day)?.wape ?? null)
  }
  const percent = (value: number) => formatRatio(value, { digits: 0 })
  return {
    x: days.map(daySeconds),
    axis: 'days',
    lines: [
      { label: 'Made then', colour: 'accent', values: wapeOf('live') },
      { label: 'Replayed later', colour: 'rival', shape: 'dots', values: wapeOf('replayed') },
    ],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: percent,
    formatValue: (value) => formatRatio(value),
    fromZero: true,
  }
}

function twin(points: readonly AccuracyPoint[]): Twin {
  const ratio = (value: number | null) => (value === null ? '' : formatRatio(value))
  return {
    columns: ['Forecast of', 'Made', 'Off by (WAPE)', 'Bias', 'Inside 80%', 'Inside 95%'],
    rows: points.map(({ origin, basis, figures }) => [
      formatDay(origin),
      basis === 'live' ? 'then' : 'later, replayed',
      ratio(figures.wape),
      ratio(figures.bias),
      ratio(figures.coverage_80),
      ratio(figures.coverage_95),
    ]),
  }
}
