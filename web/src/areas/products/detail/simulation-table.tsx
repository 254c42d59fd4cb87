import type { MoneySpread, Simulation, Spread } from '~/api/simulation'
import { formatDay } from '~/lib/days'
import { formatExpected, formatMoneyBrief, formatMoneyInterval, formatRatio } from '~/lib/format'
import { DataTable } from '~/ui/data-table'

/** Both plans and what the change makes, with 80 % intervals. */
export function SimulationTable({ simulation: { baseline, scenario, difference } }: { simulation: Simulation }) {
  const units = (spread: Spread) => ({
    text: formatExpected(spread.mean),
    note: `${formatExpected(spread.low80)}–${formatExpected(spread.high80)}`,
  })
  const change = (spread: Spread) => ({
    text: signed(spread.mean),
    note: `${signed(spread.low80)} to ${signed(spread.high80)}`,
  })
  const money = (spread: MoneySpread, isChange = false) => ({
    text: formatMoneyBrief(spread.mean, isChange),
    note: formatMoneyInterval(spread.low80, spread.high80),
  })
  return (
    <DataTable
      label="The plan as it stands beside the one simulated"
      columns={[
        { title: 'In 28 days' },
        { title: 'As it stands', isNumber: true },
        { title: 'Simulated', isNumber: true },
        { title: 'Change', isNumber: true },
      ]}
      empty=""
      rows={[
        { key: 'units', cells: ['Units', units(baseline.units), units(scenario.units), change(difference.units)] },
        {
          key: 'revenue',
          cells: ['Revenue', money(baseline.revenue), money(scenario.revenue), money(difference.revenue, true)],
        },
        ...(baseline.margin && scenario.margin && difference.margin
          ? [
              {
                key: 'margin',
                cells: ['Margin', money(baseline.margin), money(scenario.margin), money(difference.margin, true)],
              },
            ]
          : []),
        { key: 'stock', cells: ['Runs out of stock', runsOut(baseline), runsOut(scenario), ''] },
      ]}
    />
  )
}

function signed(value: number): string {
  return value < 0 ? `−${formatExpected(-value)}` : `+${formatExpected(value)}`
}

function runsOut({ stock_units: stock, stock_out: out }: Simulation['baseline']) {
  if (stock === null) return { text: '–', note: 'stock not known' }
  const note = out.likely_day === null ? 'unlikely before the end' : `likely by ${formatDay(out.likely_day, 'short')}`
  return { text: formatRatio(out.probability, { digits: 0 }), note }
}
