import { Button, Menu, Tooltip } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Decision } from '~/api/recommendations'
import { DISMISS_REASONS } from '~/areas/recommendations/kinds'
import { may } from '~/lib/access'
import { SnoozeMenu } from '~/ui/snooze-menu'
import { useMe } from '~/ui/use-me'
import styles from './decision-buttons.module.css'

const ReasonDialog = lazy(() => import('./reason-dialog'))

type Props = {
  onDecide: (decision: Decision) => void
  acceptLabel?: string
  /** Names what is decided, for screen readers, where several stand on one page. */
  subject: string
}

/** Accept, snooze, dismiss with a reason. */
export function DecisionButtons({ onDecide, acceptLabel = 'Accept', subject }: Props) {
  const me = useMe()
  const [isAsking, setAsking] = useState(false)
  if (!may(me, 'decisions:write')) {
    return (
      <Tooltip label="Owners and managers decide.">
        <p className={styles.refused}>Your role can read, not decide.</p>
      </Tooltip>
    )
  }
  return (
    <div className={styles.row}>
      <Button
        leftSection={<IconCheck size={14} stroke={2.2} />}
        onClick={() => onDecide({ action: 'accept' })}
        aria-label={`${acceptLabel}: ${subject}`}
      >
        {acceptLabel}
      </Button>
      <SnoozeMenu subject={subject} onSnooze={(until) => onDecide({ action: 'snooze', until })} />
      <Menu position="bottom-start" width={250}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            rightSection={<IconChevronDown size={13} />}
            aria-label={`Dismiss: ${subject}`}
          >
            Dismiss
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Why not?</Menu.Label>
          {DISMISS_REASONS.map((reason) => (
            <Menu.Item key={reason} onClick={() => onDecide({ action: 'dismiss', reason })}>
              {reason}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setAsking(true)}>Another reason…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsking && (
        <Suspense>
          <ReasonDialog
            onClose={() => setAsking(false)}
            onReason={(reason) => {
              setAsking(false)
              onDecide({ action: 'dismiss', reason })
            }}
          />
        </Suspense>
      )}
    </div>
  )
}
