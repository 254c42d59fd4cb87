import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import styles from './form.module.css'

type Props<Row> = {
  title: string
  subtitle: string
  columns: readonly string[]
  /** The last column holds buttons: its heading is only spoken. */
  hasActions?: boolean
  query: UseQueryResult<{ items: Row[] }>
  row: (row: Row) => ReactNode
  empty: ReactNode
  /** The button that adds a row, for those who may. */
  add?: { label: string; onClick: () => void } | undefined
  children?: ReactNode
}

/** A settings section that is a table: loading, failed, empty or filled. */
export function TableSection<Row>(props: Props<Row>) {
  const { title, subtitle, columns, hasActions = false, query, row, empty, add, children } = props
  return (
    <Panel
      flush
      title={title}
      subtitle={subtitle}
      actions={
        add && (
          <Button leftSection={<IconPlus size={14} />} onClick={add.onClick}>
            {add.label}
          </Button>
        )
      }
    >
      {query.isPending ? (
        <BoneRows rows={3} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <p className={styles.empty}>{empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={styles.scroll} tabIndex={0} aria-label={`${title}, scrollable`}>
          <table className={styles.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
                {hasActions && (
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>{query.data.items.map(row)}</tbody>
          </table>
        </section>
      )}
      {children}
    </Panel>
  )
}
