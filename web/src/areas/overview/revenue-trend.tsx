import { useMemo } from 'react'
import type { Overview } from '~/api/types'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { makeFan } from '~/charts/fan'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { addDays, dayOfSeconds, daySeconds, daysBetween, formatDay } from '~/lib/days'
import { formatMoneyNumber, formatRatio } from '~/lib/format'

/** Revenue by day with what was before and what is expected. */
export function RevenueTrend({ overview }: { overview: Overview }) {
  const spec = useMemo(() => revenueSpec(overview), [overview])
  const title = finding(overview)
  return (
    <ChartPanel title={title} subtitle={subtitle(overview)} twin={() => twin(overview)}>
      <LineChart spec={spec} height={300} label={`${title}. Net revenue by day with forecast.`} />
    </ChartPanel>
  )
}

/** The title says what the chart shows, in the words of its comparison. */
function finding({ kpis, comparison }: Overview): string {
  const net = kpis.find((kpi) => kpi.measure === 'net_revenue')
  if (!net || net.delta === null || comparison === null) return 'Net revenue by day'
  if (Math.abs(net.delta) < 0.005) return 'Net revenue is level with the period before'
  const change = formatRatio(Math.abs(net.delta), { digits: Math.abs(net.delta) < 0.1 ? 1 : 0 })
  return `Net revenue is ${change} ${net.delta > 0 ? 'above' : 'below'} the comparison`
}

function subtitle({ revenue }: Overview): string {
  const ahead = revenue.forecast.length
  return ahead === 0 ? 'By day' : `By day, with the forecast for the next ${ahead} days and its 80 and 95% intervals`
}

function revenueSpec({ revenue, comparison, range }: Overview): ChartSpec {
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
              label: 'Comparison',
              colour: 'rival' as const,
              shape: 'dashed' as const,
              values: x.map((at) => before.get(at) ?? null),
            },
          ]
        : []),
      { ...forecast, ...(revenue.forecast.length > 0 ? { endLabel: 'Forecast' } : {}) },
      history,
      partial,
    ],
    bands,
    marks: revenue.annotations.map(({ day, text }) => ({ x: daySeconds(day), text })),
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: (value) => formatMoneyNumber(value, revenue.unit, { precision: 'compact' }),
    formatValue: money,
    fromZero: true,
  }
}

function twin({ revenue }: Overview): Twin {
  const money = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : formatMoneyNumber(value, revenue.unit)
  return {
    columns: ['Day', 'Net revenue', 'Forecast', 'Low 80%', 'High 80%'],
    rows: [
      ...revenue.history.map(({ day, value }) => [day, money(value), '', '', '']),
      ...revenue.forecast.map((point) => [point.day, '', money(point.mean), money(point.low80), money(point.high80)]),
    ],
  }
}
