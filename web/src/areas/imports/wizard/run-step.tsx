import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { importQuery, isRunning } from '~/api/imports'
import type { Import } from '~/api/types'
import { ImportRow } from '~/areas/imports/import-row'
import { Panel } from '~/ui/panel'
import styles from './run-step.module.css'

type Props = { started: Import; onAnother: () => void }

/** The import on its way, live; it goes on when this page is left. */
export function RunStep({ started, onAnother }: Props) {
  const imported = useQuery({ ...importQuery(started.id), initialData: started }).data
  const isDone = !isRunning(imported)
  return (
    <>
      <Panel flush title={titleOf(imported)} subtitle={isDone ? undefined : 'You can leave this page; it goes on.'}>
        <ul aria-label="This import">
          <ImportRow imported={imported} />
        </ul>
      </Panel>
      <div className={styles.actions} role="status">
        {isDone && imported.status === 'finished' && (
          <Button renderRoot={(props) => <Link to="/" {...props} />}>See the overview</Button>
        )}
        <Button variant="default" renderRoot={(props) => <Link to="/imports" {...props} />}>
          All imports
        </Button>
        <Button variant="subtle" onClick={onAnother}>
          Import another file
        </Button>
      </div>
    </>
  )
}

function titleOf({ status }: Import): string {
  switch (status) {
    case 'finished':
      return 'Imported'
    case 'failed':
      return 'The import failed; nothing was changed'
    case 'undone':
      return 'The import was undone'
    default:
      return 'Importing'
  }
}
