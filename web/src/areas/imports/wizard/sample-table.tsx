import type { ImportPreview } from '~/api/types'
import { Panel } from '~/ui/panel'
import styles from './tables.module.css'

const NUMBER = /^[-+]?\d+([.,]\d+)*$/

/** The first rows as they were understood. */
export function SampleTable({ preview }: { preview: ImportPreview }) {
  if (preview.sample.length === 0) return null
  const columns = preview.columns.map(({ name }) => name)
  const numbers = new Set(columns.filter((column) => preview.sample.every((row) => NUMBER.test(row[column] ?? ''))))
  return (
    <Panel flush title="First rows">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={styles.scroll} tabIndex={0} aria-label="First rows, scrollable">
        <table className={styles.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" data-number={numbers.has(column) || undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.sample.map((row) => (
              <tr key={JSON.stringify(row)}>
                {columns.map((column) => (
                  <td key={column} className={styles.value} data-number={numbers.has(column) || undefined}>
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
