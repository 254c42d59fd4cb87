import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { Handling } from '~/api/alerts'
import { SnoozeMenu } from '~/ui/snooze-menu'

/** The same handling for everything selected. */
export function BulkHandling({ onHandle }: { onHandle: (handling: Handling) => void }) {
  return (
    <>
      <Button leftSection={<IconCheck size={14} stroke={2.2} />} onClick={() => onHandle({ action: 'resolve' })}>
        Resolve
      </Button>
      <Button variant="default" onClick={() => onHandle({ action: 'acknowledge' })}>
        Acknowledge
      </Button>
      <SnoozeMenu subject="all selected" onSnooze={(until) => onHandle({ action: 'snooze', until })} />
    </>
  )
}
