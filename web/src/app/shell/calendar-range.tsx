import '@mantine/core/styles/SimpleGrid.layer.css'
import '@mantine/dates/styles.layer.css'
import { DatePicker } from '@mantine/dates'
import { useState } from 'react'
import type { Day } from '~/lib/days'
import type { RangeChoice } from '~/lib/range'

type Props = { choice: RangeChoice; onChoose: (choice: RangeChoice) => void }

/** Two clicks choose the first and the last day. */
export default function CalendarRange({ choice, onChoose }: Props) {
  const [days, setDays] = useState<[Day | null, Day | null]>(
    choice.kind === 'custom' ? [choice.from, choice.to] : [null, null],
  )
  const change = ([from, to]: [Day | null, Day | null]) => {
    setDays([from, to])
    if (from !== null && to !== null) onChoose({ kind: 'custom', from, to })
  }
  return (
    <DatePicker
      type="range"
      size="xs"
      allowSingleDateInRange
      hideOutsideDates
      // A shop sells on every day: none is set apart by colour.
      weekendDays={[]}
      ariaLabels={{ previousMonth: 'Previous month', nextMonth: 'Next month' }}
      value={days}
      onChange={change}
    />
  )
}
