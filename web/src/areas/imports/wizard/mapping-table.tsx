import { NativeSelect } from '@mantine/core'
import type { ImportPreview } from '~/api/types'
import { Panel } from '~/ui/panel'
import styles from './tables.module.css'

type Mapping = Record<string, string>

type Props = { preview: ImportPreview; mapping: Mapping; onChange: (mapping: Mapping) => void }

/** Which column holds which field; guesses are filled in. */
export function MappingTable({ preview, mapping, onChange }: Props) {
  const { fields, columns } = preview
  const choose = (field: string, column: string) => {
    const { [field]: _, ...others } = mapping
    onChange(column === '' ? others : { ...others, [field]: column })
  }
  return (
    <Panel flush title="Which column is what?" subtitle="Remembered for the next file with these columns">
      <table className={styles.table}>
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
