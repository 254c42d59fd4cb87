import { Popover, UnstyledButton } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useRange } from '~/app/use-range'
import { COMPARE_NAMES, COMPARISONS, PRESET_NAMES, PRESETS, type RangeChoice, titleOfRange } from '~/lib/range'
import { Bone } from '~/ui/skeleton'
import styles from './range-control.module.css'

// The calendar is heavy and rarely opened.
const CalendarRange = lazy(() => import('./calendar-range'))

/** The date range and what it is compared with. */
export function RangeControl() {
  const { choice, compare, setRange, setCompare } = useRange()
  const [isOpen, setOpen] = useState(false)
  const versus = compare === 'none' ? '' : `vs ${COMPARISONS[compare].toLowerCase()}`
  const choose = (next: RangeChoice) => {
    setRange(next)
    setOpen(false)
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={styles.button} onClick={() => setOpen(!isOpen)}>
          <span className="visually-hidden">Date range:</span>
          <IconCalendar size={15} stroke={1.7} aria-hidden />
          <span className={styles.range}>{titleOfRange(choice)}</span>
          <span className={styles.short}>{titleOfRange(choice).replace('Last ', '')}</span>
          {compare !== 'none' && <span className={styles.compare}>{versus}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Date range and comparison">
        <div className={styles.sheet}>
          <div className={styles.column}>
            <fieldset className={styles.group}>
              <legend>Range</legend>
              {PRESET_NAMES.map((preset) => (
                <Choice
                  key={preset}
                  name="range"
                  title={PRESETS[preset].title}
                  checked={choice.kind === 'preset' && choice.preset === preset}
                  onChoose={() => choose({ kind: 'preset', preset })}
                />
              ))}
            </fieldset>
            <fieldset className={styles.group}>
              <legend>Compare with</legend>
              {COMPARE_NAMES.map((name) => (
                <Choice
                  key={name}
                  name="compare"
                  title={COMPARISONS[name]}
                  checked={compare === name}
                  onChoose={() => setCompare(name)}
                />
              ))}
            </fieldset>
          </div>
          <div className={styles.calendar}>
            <Suspense fallback={<Bone width={252} height={270} />}>
              <CalendarRange choice={choice} onChoose={choose} />
            </Suspense>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

type ChoiceProps = { name: string; title: string; checked: boolean; onChoose: () => void }

function Choice({ name, title, checked, onChoose }: ChoiceProps) {
  return (
    <label className={styles.choice}>
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      {title}
    </label>
  )
}
