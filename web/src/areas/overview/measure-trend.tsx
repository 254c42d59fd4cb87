import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { measureForecastQuery, measureQuery } from '~/api/measures'
import type { Compare, ForecastPoint, Kpi, MeasureAnswer, MeasureForecast, Overview } from '~/api/types'
import { changeOf } from '~/areas/overview/finding'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { makeFan } from '~/charts/fan'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { COMPARISONS } from '~/lib/range'
import { formatMeasure, formatMeasureTick } from '~/ui/measure-format'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'

const CHART_PX = 300
const DAYS_AHEAD = 28

type Props = { kpi: Kpi; range: Overview['range']; compare: Compare }

/** The days behind a key figure, over those it is compared with, and those to come. */
export function MeasureTrend({ kpi, range, compare }: Props) {
  const { measure } = kpi
  const answer = useQuery(measureQuery({ measures: [measure], ...range, by: 'day', compare }))
  const rows = answer.data?.columns[0] === measure ? answer.data.rows : undefined
  const expected = useQuery(measureForecastQuery(measure, DAYS_AHEAD))
  const ahead = useMemo(() => stepsAfter(range.to, expected.data), [range.to, expected.data])
  const spec = useMemo(() => rows && daysSpec(kpi, rows, ahead, compare), [kpi, rows, ahead, compare])
  const title = changeOf(kpi, compare)
  const subtitle =
    ahead.length === 0 ? 'By day' : `By day, with the forecast for the next ${ahead.length} days and its intervals`
  return (
    <ChartPanel title={title} subtitle={subtitle} twin={() => twin(kpi, rows ?? [], ahead)}>
      {answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : spec ? (
        <LineChart hasLegend spec={spec} height={CHART_PX} label={`${title}. ${kpi.title} by day.`} />
      ) : (
        <Bone height={CHART_PX} />
      )}
    </ChartPanel>
  )
}

/** The forecast, if the range shown reaches the end of the data; elsewhere it would hang in the air. */
function stepsAfter(to: string, expected: MeasureForecast | undefined): readonly ForecastPoint[] {
  const last = expected?.past.at(-1)?.from
  return expected?.status === 'ready' && last !== undefined && to >= last ? expected.steps : []
}

function daysSpec(kpi: Kpi, rows: MeasureAnswer['rows'], ahead: readonly ForecastPoint[], compare: Compare): ChartSpec {
  const { measure } = kpi
  const days = rows.flatMap(({ key: day, values, previous, is_partial }) =>
    day === null ? [] : [{ day, value: values[measure] ?? null, before: previous[measure] ?? null, is_partial }],
  )
  // A mean or a rate has no honest zero to fill down to; a sum has.
  const fan = makeFan(days, ahead, { label: kpi.title, shape: isSum(kpi) ? 'area' : 'line' })
  const before = new Map(days.map(({ day, before }) => [daySeconds(day), before]))
  return {
    x: fan.x,
    axis: 'days',
    lines: [
      ...(compare === 'none'
        ? []
        : [
            {
              label: COMPARISONS[compare],
              colour: 'rival' as const,
              shape: 'dashed' as const,
              values: fan.x.map((at) => before.get(at) ?? null),
            },
          ]),
      fan.history,
      ...(ahead.length > 0 ? [fan.forecast] : []),
      fan.partial,
    ],
    bands: ahead.length > 0 ? fan.bands : [],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatMeasureTick(kpi, value),
    formatValue: (value) => formatMeasure(kpi, value),
    fromZero: true,
  }
}

function isSum({ unit, measure }: Kpi): boolean {
  return unit === 'count' || (unit === 'money' && measure !== 'average_order_value')
}

function twin(kpi: Kpi, rows: MeasureAnswer['rows'], ahead: readonly ForecastPoint[]): Twin {
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : formatMeasure(kpi, value)
  return {
    columns: ['Day', kpi.title, 'Comparison', 'Forecast', 'Low 80%', 'High 80%'],
    rows: [
      ...rows.map(({ key, values, previous }) => [
        key === null ? '' : formatDay(key),
        text(values[kpi.measure]),
        text(previous[kpi.measure]),
        '',
        '',
        '',
      ]),
      ...ahead.map((step) => [formatDay(step.day), '', '', text(step.mean), text(step.low80), text(step.high80)]),
    ],
  }
}
