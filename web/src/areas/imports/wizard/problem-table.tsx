import type { ImportPreview } from '~/api/types'
import { formatCount, plural } from '~/lib/format'
import { asSentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import styles from './tables.module.css'

type Props = { problems: ImportPreview['problems']; rejected: number }

// A reason quotes the file and shows how to write a value: it is not put into the reader's own notation.

/** Every cell that cannot be used, with its line in the file and the reason. */
export function ProblemTable({ problems, rejected }: Props) {
  const isCut = problems.length < rejected
  return (
    <Panel
      flush
      title={`${plural(rejected, 'row')} would be rejected`}
      subtitle={
        isCut ? `The first ${formatCount(problems.length)} problems; the rejects file holds all` : 'The other rows land'
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Rejected rows">
        <table className={`${styles.table} ${styles.cards}`}>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Column</th>
              <th scope="col">Value</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ row, column, value, reason }) => (
              <tr key={`${row} ${column} ${reason}`}>
                <td data-title="Line">{formatCount(row)}</td>
                <td data-title="Column">{column}</td>
                <td data-title="Value" className={styles.value}>
                  {value === '' ? <em>empty</em> : value}
                </td>
                <td>{asSentence(reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}
