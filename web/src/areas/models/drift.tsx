import { useQuery } from '@tanstack/react-query'
import { type DriftLine, driftQuery } from '~/api/models'
import { consequenceName, featureName, statisticName } from '~/areas/models/words'
import { formatDay } from '~/lib/days'
import { formatCount } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { DataTable } from '~/ui/data-table'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'

/** Whether what models see has stopped being what they learnt from, and what follows. */
export function Drift() {
  const drift = useQuery(driftQuery)
  return (
    <Panel flush title="Drift" subtitle={subtitle(drift.data?.data_until ?? null)}>
      {drift.isPending ? (
        <BoneRows rows={4} height={40} />
      ) : drift.isError ? (
        <ErrorState error={drift.error} onRetry={() => void drift.refetch()} />
      ) : (
        <DataTable
          label="Features that models see"
          columns={[
            { title: 'Feature' },
            { title: 'Drifted' },
            { title: 'Value', isNumber: true },
            { title: 'Drift from', isNumber: true },
            { title: 'Statistic' },
          ]}
          empty="The next daily run compares."
          rows={drift.data.items.map((line) => ({ key: `${line.feature} ${line.statistic}`, cells: cells(line) }))}
        />
      )}
    </Panel>
  )
}

function subtitle(until: string | null): string {
  const what = 'What models see: the last four weeks against the time before'
  return until === null ? what : `${what}, up to ${formatDay(until)}`
}

function cells(line: DriftLine) {
  return [
    { text: featureName(line.feature), note: sentence(line.sentence) },
    line.since === null ? 'No' : { text: `Since ${formatDay(line.since)}`, note: consequenceName(line.consequence) },
    line.value === null ? '–' : formatCount(line.value, 2),
    formatCount(line.limit, 2),
    statisticName(line.statistic),
  ]
}
