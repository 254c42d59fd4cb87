import { Button } from '@mantine/core'
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAuthorName } from '~/api/authors'
import { downloadRejects, isRunning, undoImport } from '~/api/imports'
import type { Import } from '~/api/types'
import { ImportStatus } from '~/areas/imports/status'
import { may } from '~/lib/access'
import { formatCount, plural } from '~/lib/format'
import { saveBlob } from '~/lib/save-blob'
import { Modal } from '~/ui/dialog'
import { ProgressBar } from '~/ui/progress-bar'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './import-row.module.css'

/** One import: its files, what it changed, what was refused, and the way back. */
export function ImportRow({ imported }: { imported: Import }) {
  const names = imported.files.map(({ file }) => file).join(', ')
  const { counts } = imported
  const nameOf = useAuthorName()
  return (
    <li className={styles.row}>
      <div className={styles.main}>
        <p className={styles.file} title={names}>
          {names || 'No file'}
        </p>
        <p className={styles.meta}>
          <When at={imported.started_at} /> by {nameOf(imported.started_by)}
        </p>
      </div>
      {imported.status === 'undoing' ? (
        <p className={styles.meta}>Taking its rows back and building the tables again</p>
      ) : isRunning(imported) ? (
        <div className={styles.progress}>
          <ProgressBar value={imported.progress} label={`Import of ${names}`} />
          <span className={styles.meta}>{imported.stage ?? 'Waiting'}</span>
        </div>
      ) : (
        <dl className={styles.counts}>
          <Count title="Rows" value={counts.rows} />
          <Count title="New" value={counts.new} />
          <Count title="Changed" value={counts.changed} />
          <Count title="Same" value={counts.unchanged} />
          <Count title="Rejected" value={counts.rejected} isWarning={counts.rejected > 0} />
        </dl>
      )}
      <ImportStatus status={imported.status} />
      <Actions imported={imported} names={names} />
      {imported.error && <p className={styles.error}>{imported.error}</p>}
    </li>
  )
}

function Count({ title, value, isWarning = false }: { title: string; value: number; isWarning?: boolean }) {
  return (
    <div data-warning={isWarning || undefined}>
      <dt>{title}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  )
}

function Actions({ imported, names }: { imported: Import; names: string }) {
  const me = useMe()
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const undo = useMutation({
    mutationFn: () => undoImport(imported.id),
    onSuccess: async () => {
      setAsking(false)
      toastDone('The import is being undone.')
      await queries.invalidateQueries()
    },
    onError: (error) => toastFailed('The import was not undone', error),
  })
  const rejects = useMutation({
    mutationFn: () => downloadRejects(imported.id),
    onSuccess: (blob) => saveBlob(blob, `rejects-${imported.files[0]?.file ?? imported.id}.csv`),
    onError: (error) => toastFailed('The rejects could not be downloaded', error),
  })
  return (
    <div className={styles.actions}>
      {imported.has_rejects && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          loading={rejects.isPending}
          onClick={() => rejects.mutate()}
          aria-label={`Rejects of ${names}`}
        >
          Rejects
        </Button>
      )}
      {imported.status === 'finished' && may(me, 'imports:write') && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowBackUp size={14} />}
          onClick={() => setAsking(true)}
          aria-label={`Undo the import of ${names}`}
        >
          Undo
        </Button>
      )}
      {isAsking && (
        <Modal
          opened
          onClose={() => setAsking(false)}
          title="Undo this import?"
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <p className={styles.question}>
            {plural(imported.counts.new, 'new row')} and {plural(imported.counts.changed, 'changed row')} of{' '}
            <strong>{names}</strong> are taken back. Every number then is as if the file had never been imported. You
            can import it again at any time.
          </p>
          <div className={styles.buttons}>
            <Button variant="default" onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button loading={undo.isPending} onClick={() => undo.mutate()}>
              Undo the import
            </Button>
          </div>
        </Modal>
      )}
    </div>
  )
}
