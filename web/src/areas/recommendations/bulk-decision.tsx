import { Button, Menu } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { Decision } from '~/api/recommendations'
import { DISMISS_REASONS } from '~/areas/recommendations/kinds'
import { SnoozeMenu } from '~/ui/snooze-menu'

/** The same decisions for everything selected. */
export function BulkDecision({ onDecide }: { onDecide: (decision: Decision) => void }) {
  return (
    <>
      <Button leftSection={<IconCheck size={14} stroke={2.2} />} onClick={() => onDecide({ action: 'accept' })}>
        Accept
      </Button>
      <SnoozeMenu subject="all selected" onSnooze={(until) => onDecide({ action: 'snooze', until })} />
      <Menu position="bottom-start" width={250}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={13} />}>
            Dismiss
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {DISMISS_REASONS.map((reason) => (
            <Menu.Item key={reason} onClick={() => onDecide({ action: 'dismiss', reason })}>
              {reason}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
