import type { ReactNode } from 'react'
import styles from './data-table.module.css'

/** Plain content, or a name with a note under it. */
export type Cell = ReactNode | { text: string; note: string }

type Props = {
  /** What the table shows, for those who cannot see it. */
  label: string
  /** `isNumber` stands at the right edge. A column without a title holds buttons; `spoken` names it. */
  columns: readonly { title: string; isNumber?: boolean; spoken?: string }[]
  rows: readonly { key: string; cells: readonly Cell[] }[]
  empty: ReactNode
}

/** A small table inside a panel; it scrolls sideways where the screen is narrow. */
export function DataTable({ label, columns, rows, empty }: Props) {
  if (rows.length === 0) return <p className={styles.empty}>{empty}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title, isNumber, spoken }) => (
              <th key={title || spoken} scope="col" data-number={isNumber || undefined}>
                {title || <span className="visually-hidden">{spoken}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={columns[index]?.title || 'actions'} data-number={columns[index]?.isNumber || undefined}>
                  <Content cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Content({ cell }: { cell: Cell }) {
  if (cell === null || typeof cell !== 'object' || !('note' in cell)) return cell
  return (
    <>
      <span className={styles.name}>{cell.text}</span>
      <span className={styles.note}>{cell.note}</span>
    </>
  )
}
