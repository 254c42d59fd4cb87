import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { shortcuts } from '~/lib/shortcuts'
import { Checkbox } from '~/ui/fields'
import { FilterTabs } from '~/ui/filter-tabs'
import { Panel } from '~/ui/panel'
import styles from './form.module.css'

const THEMES: { value: MantineColorScheme; title: string }[] = [
  { value: 'auto', title: 'System' },
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
]

/** Kept in this browser, for this person. */
export function AppearanceSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [areOn, setOn] = useState(shortcuts.areOn)
  return (
    <Panel title="Appearance" subtitle="Kept in this browser">
      <div className={styles.form}>
        <div>
          <p className={styles.name}>Theme</p>
          <FilterTabs look="segments" label="Theme" value={colorScheme} onChange={setColorScheme} options={THEMES} />
        </div>
        <Checkbox
          size="xs"
          label="Keyboard shortcuts"
          description="Single keys such as j, k and ?. Press ? anywhere to see them."
          checked={areOn}
          onChange={(event) => {
            shortcuts.turn(event.currentTarget.checked)
            setOn(event.currentTarget.checked)
          }}
        />
      </div>
    </Panel>
  )
}
