import type { Leaderboard, LeaderboardRow } from '~/api/models'
import { stageName, versionName } from '~/areas/models/words'
import { formatCount, formatRatio } from '~/lib/format'
import { DataTable } from '~/ui/data-table'
import { Panel } from '~/ui/panel'

const ratio = (value: number | null, signed = false) => (value === null ? '–' : formatRatio(value, { signed }))

/** Versions side by side on the same days, the most accurate first. */
export function LeaderboardPanel({ leaderboard, demand }: { leaderboard: Leaderboard; demand: string | undefined }) {
  const rows = leaderboard.rows
    .filter((row) => row.demand_class === (demand ?? null))
    .sort((a, b) => (a.figures.wape ?? Number.POSITIVE_INFINITY) - (b.figures.wape ?? Number.POSITIVE_INFINITY))
  return (
    <Panel flush title="Leaderboard" subtitle="The same days, forecast by each version">
      <DataTable
        label="Versions by accuracy"
        columns={[
          { title: 'Version' },
          { title: 'Off by', isNumber: true },
          { title: 'Better than last week', isNumber: true },
          { title: 'Bias', isNumber: true },
          { title: 'Inside 80%', isNumber: true },
          { title: 'Days', isNumber: true },
        ]}
        empty="There is nothing to compare for this kind of demand yet."
        rows={rows.map((row) => ({ key: row.version_id, cells: cells(row) }))}
      />
    </Panel>
  )
}

function cells(row: LeaderboardRow) {
  const { figures } = row
  return [
    { text: versionName(row), note: stageName(row.stage) },
    ratio(figures.wape),
    ratio(row.over_baseline, true),
    ratio(figures.bias, true),
    ratio(figures.coverage_80),
    formatCount(figures.days),
  ]
}
