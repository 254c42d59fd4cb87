import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { isAtWork, jobsQuery, startDailyRun } from '~/api/jobs'
import { may } from '~/lib/access'
import { ProgressBar } from '~/ui/progress-bar'
import { toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './run-now.module.css'

/** Starts the models ahead of the nightly run, and shows how far they are. */
export function RunNow() {
  const me = useMe()
  const queries = useQueryClient()
  const running = useQuery(jobsQuery).data?.items.find(isAtWork)
  const start = useMutation({
    mutationFn: startDailyRun,
    onError: (error) => toastFailed('The models were not started', error),
    onSettled: () => queries.invalidateQueries({ queryKey: jobsQuery.queryKey }),
  })
  if (running) {
    return (
      <div className={styles.running}>
        <p className={styles.stage}>{running.stage ?? 'Waiting to start'}</p>
        <ProgressBar value={running.progress} label="Model run" />
      </div>
    )
  }
  if (!may(me, 'jobs:write')) return null
  return (
    <Button
      variant="default"
      fullWidth
      mt={10}
      leftSection={<IconRefresh size={14} />}
      loading={start.isPending}
      onClick={() => start.mutate()}
    >
      Run the models now
    </Button>
  )
}
