import { useMemo } from 'react'
import type { Compare, Overview } from '~/api/types'
import { changeOf } from '~/areas/overview/finding'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { makeFan } from '~/charts/fan'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { addDays, dayOfSeconds, daySeconds, daysBetween, formatDay } from '~/lib/days'
import { formatMoneyNumber } from '~/lib/format'
import { prose } from '~/lib/prose'
import { COMPARISONS } from '~/lib/range'

/** Revenue by day with what was before and what is expected. */
export function RevenueTrend({ overview, compare }: { overview: Overview; compare: Compare }) {
  const spec = useMemo(() => revenueSpec(overview, compare), [overview, compare])
  const net = overview.kpis.find((kpi) => kpi.measure === 'net_revenue')
  const title = net ? changeOf(net, compare) : 'Net revenue by day'
  return (
    <ChartPanel title={title} subtitle={subtitle(overview)} twin={() => twin(overview)}>
      <LineChart hasLegend spec={spec} height={300} label={`${title}. Net revenue by day with forecast.`} />
    </ChartPanel>
  )
}

function subtitle({ revenue }: Overview): string {
  const ahead = revenue.forecast.length
  return ahead === 0 ? 'By day' : `By day, with the forecast for the next ${ahead} days and its 80 and 95% intervals`
}

function revenueSpec({ revenue, comparison, range }: Overview, compare: Compare): ChartSpec {
  const { x, history, partial, forecast, bands } = makeFan(revenue.history, revenue.forecast, {
    label: 'Net revenue',
    shape: 'area',
  })
  // The comparison is laid over the range day by day.
  const shift = comparison ? daysBetween(comparison.from, range.from) : 0
  const before = new Map(revenue.comparison.map((point) => [daySeconds(addDays(point.day, shift)), point.value]))
  const money = (value: number) => formatMoneyNumber(value, revenue.unit, { precision: 'whole' })
  return {
    x,
    axis: 'days',
    lines: [
      ...(before.size > 0
        ? [
            {
              label: COMPARISONS[compare],
              colour: 'rival' as const,
              shape: 'dashed' as const,
              values: x.map((at) => before.get(at) ?? null),
            },
          ]
        : []),
      history,
      forecast,
      partial,
    ],
    bands,
    marks: revenue.annotations.map(({ day, text }) => ({ x: daySeconds(day), text: prose(text) })),
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatMoneyNumber(value, revenue.unit, { precision: 'compact' }),
    formatValue: money,
    fromZero: true,
  }
}

function twin({ revenue, comparison, range }: Overview): Twin {
  const money = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : formatMoneyNumber(value, revenue.unit)
  const shift = comparison ? daysBetween(comparison.from, range.from) : 0
  const before = new Map(revenue.comparison.map((point) => [addDays(point.day, shift), point.value]))
  return {
    columns: ['Day', 'Net revenue', 'Comparison', 'Forecast', 'Low 80%', 'High 80%'],
    rows: [
      ...revenue.history.map(({ day, value }) => [formatDay(day), money(value), money(before.get(day)), '', '', '']),
      ...revenue.forecast.map((point) => [
        formatDay(point.day),
        '',
        '',
        money(point.mean),
        money(point.low80),
        money(point.high80),
      ]),
    ],
  }
}
