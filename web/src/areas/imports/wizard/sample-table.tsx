import type { ImportPreview } from '~/api/types'
import { Panel } from '~/ui/panel'
import styles from './tables.module.css'

/** The first rows as they were understood. */
export function SampleTable({ preview }: { preview: ImportPreview }) {
  const [first] = preview.sample
  if (first === undefined) return null
  const columns = Object.keys(first)
  return (
    <Panel flush title="First rows">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={styles.scroll} tabIndex={0} aria-label="First rows">
        <table className={styles.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.sample.map((row) => (
              <tr key={JSON.stringify(row)}>
                {columns.map((column) => (
                  <td key={column} className={styles.value}>
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}
