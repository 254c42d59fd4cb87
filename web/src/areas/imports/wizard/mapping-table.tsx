import { Button } from '@mantine/core'
import { useId, useState } from 'react'
import type { ImportPreview } from '~/api/types'
import { plural } from '~/lib/format'
import { NativeSelect } from '~/ui/fields'
import { Panel } from '~/ui/panel'
import styles from './tables.module.css'

type Mapping = Record<string, string>

type Props = {
  preview: ImportPreview
  mapping: Mapping
  /** Nothing is left to choose: the table starts folded, so that the result of the dry run comes first. */
  isSettled: boolean
  onChange: (mapping: Mapping) => void
}

/** Which column holds which field; guesses are filled in. */
export function MappingTable({ preview, mapping, isSettled, onChange }: Props) {
  const { fields, columns } = preview
  const tableId = useId()
  const [wanted, setWanted] = useState<boolean | null>(null)
  const isOpen = wanted ?? !isSettled
  const found = fields.filter(({ name }) => mapping[name]).length
  const choose = (field: string, column: string) => {
    const { [field]: _, ...others } = mapping
    // What one is working on stays open, even once nothing is left to choose.
    setWanted(true)
    onChange(column === '' ? others : { ...others, [field]: column })
  }
  return (
    <Panel
      flush
      title="Which column is what?"
      subtitle={`${found} of ${plural(fields.length, 'field')} found; remembered for the next file with these columns`}
      actions={
        <Button
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          aria-controls={tableId}
          onClick={() => setWanted(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Check or change'}
        </Button>
      }
    >
      <table id={tableId} hidden={!isOpen} className={`${styles.table} ${styles.cards}`}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Column</th>
            <th scope="col">Looks like</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, title, required }) => {
            const chosen = mapping[name] ?? ''
            const samples = columns.find((column) => column.name === chosen)?.samples ?? []
            return (
              <tr key={name}>
                <td>
                  <span className={styles.field}>
                    {title}
                    {required && <span className={styles.required}> required</span>}
                  </span>
                </td>
                <td>
                  <NativeSelect
                    size="xs"
                    aria-label={`Column for ${title}`}
                    value={chosen}
                    onChange={(event) => choose(name, event.currentTarget.value)}
                    data={[
                      { value: '', label: required ? 'Choose a column' : 'Not in this file' },
                      ...columns.map((column) => column.name),
                    ]}
                  />
                </td>
                <td className={styles.samples}>{samples.filter(Boolean).slice(0, 3).join(' · ')}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
