import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { addDays, type Day, dayIn, formatDay } from '~/lib/days'
import { useMe } from '~/ui/use-me'
import { useNow } from '~/ui/use-now'

export const SNOOZES = [
  { title: 'Until tomorrow', days: 1 },
  { title: 'For a week', days: 7 },
  { title: 'For a month', days: 30 },
] as const

/** The first day after a snooze of so many days, in the shop's zone. */
export function useSnoozeDay(): (days: number) => Day {
  const zone = useMe().merchant.time_zone
  const now = useNow()
  return (days) => addDays(dayIn(zone, now), days)
}

type Props = { subject: string; onSnooze: (until: Day) => void; disabled?: boolean }

export function SnoozeMenu({ subject, onSnooze, disabled = false }: Props) {
  const dayAfter = useSnoozeDay()
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <Button
          variant="default"
          disabled={disabled}
          rightSection={<IconChevronDown size={13} />}
          aria-label={`Snooze: ${subject}`}
        >
          Snooze
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SNOOZES.map(({ title, days }) => (
          <Menu.Item
            key={days}
            onClick={() => onSnooze(dayAfter(days))}
            rightSection={formatDay(dayAfter(days), 'short')}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
