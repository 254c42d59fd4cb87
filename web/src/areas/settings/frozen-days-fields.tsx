import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { FrozenDays } from '~/api/types'
import { addDays, dayIn } from '~/lib/days'
import { TextInput } from '~/ui/fields'
import { useMe } from '~/ui/use-me'
import { useNow } from '~/ui/use-now'
import styles from './form.module.css'

type Props = {
  days: readonly FrozenDays[]
  onChange: (days: FrozenDays[]) => void
  isFixed: boolean
  error: string | undefined
}

/** Days on which no price changes: promotions that run, announcements that hold. */
export function FrozenDaysFields({ days, onChange, isFixed, error }: Props) {
  const tomorrow = addDays(dayIn(useMe().merchant.time_zone, useNow()), 1)
  const change = (place: number, changes: Partial<FrozenDays>) =>
    onChange(days.map((each, index) => (index === place ? { ...each, ...changes } : each)))
  return (
    <fieldset className={styles.group}>
      <legend>Days on which prices stand still</legend>
      {days.length === 0 && (
        <p className={styles.note}>None. Add the days of a promotion, and no price is recommended for them.</p>
      )}
      {days.map((each, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name of their own and keep their order.
        <div key={place} className={styles.days}>
          <TextInput
            type="date"
            label="From"
            value={each.from}
            disabled={isFixed}
            required
            withAsterisk={false}
            onChange={(event) => change(place, { from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="To"
            value={each.to}
            min={each.from}
            disabled={isFixed}
            required
            withAsterisk={false}
            onChange={(event) => change(place, { to: event.currentTarget.value })}
          />
          <TextInput
            aria-label="Why"
            placeholder="Spring sale"
            value={each.name}
            maxLength={120}
            disabled={isFixed}
            onChange={(event) => change(place, { name: event.currentTarget.value })}
          />
          <Button
            variant="default"
            disabled={isFixed}
            onClick={() => onChange(days.filter((_, index) => index !== place))}
          >
            Remove
          </Button>
        </div>
      ))}
      {error && <p role="alert">{error}</p>}
      {!isFixed && (
        <div className={styles.actions}>
          <Button
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...days, { from: tomorrow, to: addDays(tomorrow, 6), name: '' }])}
          >
            Add days
          </Button>
        </div>
      )}
    </fieldset>
  )
}
