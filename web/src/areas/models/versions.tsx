import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ModelVersion } from '~/api/models'
import { modelVersionsQuery, promoteModel, rollBackModel } from '~/api/models'
import { stageName, versionName } from '~/areas/models/words'
import { may } from '~/lib/access'
import { formatDay } from '~/lib/days'
import { formatRatio } from '~/lib/format'
import { DataTable } from '~/ui/data-table'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './models.module.css'

/** Every version of the demand model: which serves, which is tried, and the step forward or back. */
export function Versions() {
  const me = useMe()
  const versions = useQuery(modelVersionsQuery)
  const canManage = may(me, 'models:write')
  return (
    <Panel flush title="Versions" subtitle="A version is tried beside the one that serves before it takes over">
      {versions.isPending ? (
        <BoneRows rows={3} />
      ) : versions.isError ? (
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
      ) : (
        <DataTable
          label="Versions, scrollable"
          columns={[
            { title: 'Version' },
            { title: 'State' },
            { title: 'Learned' },
            { title: 'Fingerprint' },
            { title: '', spoken: 'Actions' },
          ]}
          empty="The first daily run registers the first version."
          rows={versions.data.items.map((version) => ({
            key: version.id,
            cells: [
              { text: versionName(version), note: `ShelfIQ ${version.code_version}` },
              <Stage key="stage" version={version} />,
              <Learned key="learned" version={version} />,
              version.artefact_hash === null ? (
                '–'
              ) : (
                <code key="hash" className={styles.hash} title={version.artefact_hash}>
                  {version.artefact_hash.slice(0, 12)}
                </code>
              ),
              canManage ? <Actions key="actions" version={version} /> : null,
            ],
          }))}
        />
      )}
    </Panel>
  )
}

function Stage({ version }: { version: ModelVersion }) {
  const { stage, stage_since: since, canary_share: share, note } = version
  return (
    <span title={note ?? undefined}>
      <span className={styles.stage} data-stage={stage}>
        {stageName(stage)}
        {stage === 'canary' && share !== null && ` (${formatRatio(share, { digits: 0 })} of products)`}
      </span>
      <span className={styles.since}>
        {' '}
        <When at={since} />
      </span>
    </span>
  )
}

function Learned({ version: { trained_at: at, data_until: until } }: { version: ModelVersion }) {
  return (
    <>
      <When at={at} />
      {until !== null && <span className={styles.since}> from data up to {formatDay(until)}</span>}
    </>
  )
}

function Actions({ version }: { version: ModelVersion }) {
  const queries = useQueryClient()
  const name = versionName(version)
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: ['models'] }) }
  const back = useMutation({
    mutationFn: () => rollBackModel(version.id),
    onSuccess: (serving) =>
      toastDone(
        serving.id === version.id ? `The trial of ${name} has ended.` : `${versionName(serving)} serves again.`,
      ),
    onError: (error) => toastFailed('The version was not taken back', error),
    ...settled,
  })
  const forward = useMutation({
    mutationFn: (stage: 'shadow' | 'production') => promoteModel(version.id, stage),
    onSuccess: (next) => toastDone(`${name}: ${stageName(next.stage).toLowerCase()} from the next run on.`),
    onError: (error) => toastFailed('The version was not promoted', error),
    ...settled,
  })
  const isBusy = back.isPending || forward.isPending
  const { stage, replaced_id: before } = version
  const isTried = stage === 'shadow' || stage === 'canary'
  return (
    <span className={styles.actions}>
      {stage === 'candidate' && (
        <Button variant="default" size="compact-sm" disabled={isBusy} onClick={() => forward.mutate('shadow')}>
          Compare
        </Button>
      )}
      {(stage === 'candidate' || isTried) && (
        <Button variant="light" size="compact-sm" disabled={isBusy} onClick={() => forward.mutate('production')}>
          Let it serve
        </Button>
      )}
      {(isTried || (stage === 'production' && before !== null)) && (
        <Button variant="subtle" color="gray" size="compact-sm" disabled={isBusy} onClick={() => back.mutate()}>
          {isTried ? 'End the trial' : 'Take back'}
        </Button>
      )}
    </span>
  )
}
