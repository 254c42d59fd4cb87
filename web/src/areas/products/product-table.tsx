import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { ProductRow } from '~/api/types'
import { COLUMNS, features, type ProductColumn, TABLE_COLUMNS } from '~/areas/products/columns'
import type { Sort } from '~/areas/products/product-search'
import { useShortcuts } from '~/ui/use-shortcuts'
import styles from './product-table.module.css'

const ROW_PX = 48
const ROWS_AHEAD = 30

type Props = {
  rows: ProductRow[]
  total: number
  visible: readonly string[]
  sort: Sort
  onSort: (sort: Sort) => void
  /** Called while the last loaded rows come near. */
  onEnd: () => void
  isOld: boolean
}

/** Draws only the rows on screen; more are fetched before the reader arrives at them. */
export function ProductTable({ rows, total, visible, sort, onSort, onEnd, isOld }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const table = useTable({
    features,
    columns: TABLE_COLUMNS,
    data: rows,
    getRowId: (row) => row.sku,
    state: {
      columnVisibility: Object.fromEntries(COLUMNS.map(({ id }) => [id, id === 'product' || visible.includes(id)])),
    },
  })
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => rows[index]?.sku ?? index,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastShown >= rows.length - ROWS_AHEAD) onEnd()
  }, [lastShown, rows.length, onEnd])

  const shown = useMemo(() => COLUMNS.filter(({ id }) => id === 'product' || visible.includes(id)), [visible])
  const template = shown.map((column) => column.track).join(' ')
  const modelRows = table.getRowModel().rows
  useRowKeys(frame, rows.length, (index) => virtual.scrollToIndex(index, { align: 'auto' }))

  return (
    <section
      ref={frame}
      className={styles.frame}
      data-old={isOld || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label="Products, scrollable"
    >
      <div role="table" aria-label="Products" aria-rowcount={total + 1} className={styles.table}>
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.row} style={{ gridTemplateColumns: template }}>
            {shown.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = modelRows[item.index]
            return (
              row && (
                <div
                  key={item.key}
                  role="row"
                  aria-rowindex={item.index + 2}
                  data-index={item.index}
                  className={styles.row}
                  style={{ gridTemplateColumns: template, height: ROW_PX, transform: `translateY(${item.start}px)` }}
                >
                  {row.getVisibleCells().map((cell, index) => (
                    <div key={cell.id} role="cell" className={styles.cell} data-align={shown[index]?.align}>
                      <table.FlexRender cell={cell} />
                    </div>
                  ))}
                </div>
              )
            )
          })}
        </div>
      </div>
    </section>
  )
}

type HeaderProps = { column: ProductColumn; sort: Sort; onSort: (sort: Sort) => void }

function HeaderCell({ column, sort, onSort }: HeaderProps) {
  const { sort: by, title, align } = column
  if (by === undefined) {
    return (
      <div role="columnheader" className={styles.cell} data-align={align}>
        {title}
      </div>
    )
  }
  const isSorted = sort.column === by
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp
  // Numbers are wanted largest first, names from A.
  const next = isSorted ? !sort.descending : by !== 'title'
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={styles.cell}
      data-align={align}
    >
      <button
        type="button"
        className={styles.sort}
        data-sorted={isSorted || undefined}
        onClick={() => onSort({ column: by, descending: next })}
      >
        {title}
        {isSorted && <Arrow size={12} stroke={2.2} aria-hidden />}
      </button>
    </div>
  )
}

/** j and k walk the rows by moving the focus from link to link; Enter then opens the product. */
function useRowKeys(frame: React.RefObject<HTMLDivElement | null>, count: number, reveal: (index: number) => void) {
  // Two quick presses: the focus of the first has not arrived yet when the second counts from it.
  const onItsWay = useRef<number | null>(null)
  const move = (step: number) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]')?.dataset.index
    const from = onItsWay.current ?? (focused === undefined ? null : Number(focused))
    const next = from === null ? 0 : Math.max(0, Math.min(count - 1, from + step))
    onItsWay.current = next
    reveal(next)
    requestAnimationFrame(() => {
      if (onItsWay.current !== next) return
      onItsWay.current = null
      frame.current
        ?.querySelector<HTMLElement>(`[data-index="${next}"] [data-row-link]`)
        ?.focus({ preventScroll: true })
    })
  }
  useShortcuts([
    { keys: 'j', title: 'Next product', group: 'Products', run: () => move(1) },
    { keys: 'k', title: 'Previous product', group: 'Products', run: () => move(-1) },
  ])
}
