import { Popover, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { LiveState } from '~/api/live'
import { overviewQuery } from '~/api/overview'
import type { Freshness } from '~/api/types'
import { RunNow } from '~/app/shell/run-now'
import { formatRelative } from '~/lib/days'
import { useNow } from '~/ui/use-now'
import { When } from '~/ui/when'
import styles from './freshness-badge.module.css'

const LIVE_TEXT: Record<LiveState, string> = {
  live: 'Live: this page updates by itself.',
  connecting: 'Connecting for live updates.',
  offline: 'Live updates are interrupted. Numbers refresh when you come back to the window.',
}

/** How old the data is, and whether news arrive by themselves. */
export function FreshnessBadge({ live }: { live: LiveState }) {
  // The same answer as the overview's default range, so opening the overview costs no second request.
  const freshness = useQuery({ ...overviewQuery(null, 'previous'), select: (overview) => overview.freshness }).data
  const now = useNow()
  const asOf = freshness?.data_as_of
  const tone = freshness?.state === 'late' ? 'late' : live
  return (
    <Popover width={280} position="bottom-end" shadow="md">
      <Popover.Target>
        <UnstyledButton className={styles.badge}>
          <span className={styles.dot} data-tone={tone} />
          <span className={styles.text}>{textOf(freshness, now)}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={styles.sentence}>{freshness?.sentence ?? 'Reading the state of the data.'}</p>
        <dl className={styles.facts}>
          <Fact title="Data up to" at={asOf} />
          <Fact title="Last import" at={freshness?.last_import_at} />
          <Fact title="Last model run" at={freshness?.last_run_at} />
        </dl>
        <RunNow />
        <p className={styles.live}>{LIVE_TEXT[live]}</p>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Says nothing of the data before it is known: an empty shop and a slow answer are two things. */
function textOf(freshness: Freshness | undefined, now: number): string {
  if (freshness === undefined) return 'Data'
  return freshness.data_as_of ? `Data ${formatRelative(freshness.data_as_of, now)}` : 'No data yet'
}

function Fact({ title, at }: { title: string; at: string | null | undefined }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{at ? <When at={at} /> : 'never'}</dd>
    </div>
  )
}
