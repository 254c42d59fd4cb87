import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { measureQuery } from '~/api/measures'
import type { Compare, Kpi, MeasureAnswer, Overview } from '~/api/types'
import { changeOf } from '~/areas/overview/finding'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { COMPARISONS } from '~/lib/range'
import { formatMeasure, formatMeasureTick } from '~/ui/measure-format'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'

const CHART_PX = 300

type Props = { kpi: Kpi; range: Overview['range']; compare: Compare }

/** The days behind a key figure, over those it is compared with. */
export function MeasureTrend({ kpi, range, compare }: Props) {
  const { measure } = kpi
  const answer = useQuery(measureQuery({ measures: [measure], ...range, by: 'day', compare }))
  const rows = answer.data?.columns[0] === measure ? answer.data.rows : undefined
  const spec = useMemo(() => rows && daysSpec(kpi, rows, compare), [kpi, rows, compare])
  const title = changeOf(kpi, compare)
  return (
    <ChartPanel title={title} subtitle="By day" twin={() => twin(kpi, rows ?? [])}>
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

function daysSpec(kpi: Kpi, rows: MeasureAnswer['rows'], compare: Compare): ChartSpec {
  const { measure } = kpi
  const days = rows.flatMap((row) => (row.key === null ? [] : [{ ...row, key: row.key }]))
  const complete = days.map((row) => (row.is_partial ? null : (row.values[measure] ?? null)))
  const partial = days.map((row) => (row.is_partial ? (row.values[measure] ?? null) : null))
  return {
    x: days.map(({ key }) => daySeconds(key)),
    axis: 'days',
    lines: [
      ...(compare === 'none'
        ? []
        : [
            {
              label: COMPARISONS[compare],
              colour: 'rival' as const,
              shape: 'dashed' as const,
              values: days.map((row) => row.previous[measure] ?? null),
            },
          ]),
      // A mean or a rate has no honest zero to fill down to; a sum has.
      { label: kpi.title, colour: 'accent', shape: isSum(kpi) ? 'area' : 'line', values: complete },
      { label: 'Day not over yet', colour: 'accent', shape: 'dots', values: partial },
    ],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatMeasureTick(kpi, value),
    formatValue: (value) => formatMeasure(kpi, value),
    fromZero: true,
  }
}

function isSum({ unit, measure }: Kpi): boolean {
  return unit === 'count' || (unit === 'money' && measure !== 'average_order_value')
}

function twin(kpi: Kpi, rows: MeasureAnswer['rows']): Twin {
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : formatMeasure(kpi, value)
  return {
    columns: ['Day', kpi.title, 'Comparison'],
    rows: rows.map(({ key, values, previous }) => [
      key === null ? '' : formatDay(key),
      text(values[kpi.measure]),
      text(previous[kpi.measure]),
    ]),
  }
}
