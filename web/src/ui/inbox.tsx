import { Button } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { plural } from '~/lib/format'
import { Checkbox } from '~/ui/fields'
import { Bone, BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import type { InboxState } from '~/ui/use-inbox'
import styles from './inbox.module.css'

export { useInbox } from '~/ui/use-inbox'

/** The query behind the list; one that comes in pages can bring more. */
type ListQuery = Pick<UseQueryResult, 'isPending' | 'isError' | 'error'> & {
  refetch: () => unknown
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  fetchNextPage?: () => unknown
}

type Props<Row extends { id: string }> = {
  label: string
  inbox: InboxState<Row>
  query: ListQuery
  toolbar: ReactNode
  /** Buttons for everything selected; without them nothing can be selected. */
  bulk?: ReactNode
  empty: ReactNode
  row: (row: Row) => ReactNode
  nameOf: (row: Row) => string
  detail: (row: Row) => ReactNode
}

/** A ranked list beside the one that is open. On a narrow screen the open one covers the list. */
export function Inbox<Row extends { id: string }>(props: Props<Row>) {
  const { label, inbox, query, toolbar, bulk, empty, row, nameOf, detail } = props
  const { rows, active, selected } = inbox
  return (
    <div className={styles.inbox} data-open={inbox.isOpen || undefined}>
      <div className={styles.master}>
        <div className={styles.toolbar}>{selected.size > 0 ? <Bulk inbox={inbox}>{bulk}</Bulk> : toolbar}</div>
        {query.isPending ? (
          <BoneRows rows={9} height={56} />
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          empty
        ) : (
          <ul className={styles.list} aria-label={label}>
            {rows.map((each) => (
              <li
                key={each.id}
                className={styles.item}
                data-active={each.id === active?.id || undefined}
                data-row={each.id}
              >
                {bulk !== undefined && (
                  <Checkbox
                    size="xs"
                    className={styles.check}
                    aria-label={`Select ${nameOf(each)}`}
                    checked={selected.has(each.id)}
                    onChange={() => inbox.toggle(each.id)}
                  />
                )}
                <button
                  type="button"
                  className={styles.open}
                  aria-current={each.id === active?.id ? 'true' : undefined}
                  onClick={() => inbox.open(each.id)}
                >
                  {row(each)}
                </button>
              </li>
            ))}
            {query.hasNextPage && (
              <li className={styles.more}>
                <Button
                  variant="subtle"
                  loading={query.isFetchingNextPage ?? false}
                  onClick={() => void query.fetchNextPage?.()}
                >
                  Show more
                </Button>
              </li>
            )}
          </ul>
        )}
      </div>
      <section className={styles.detail} aria-label="Details">
        <button type="button" className={styles.back} onClick={inbox.close}>
          <IconChevronLeft size={15} aria-hidden /> {label}
        </button>
        {active ? detail(active) : query.isPending ? <DetailBones /> : null}
      </section>
    </div>
  )
}

function Bulk<Row extends { id: string }>({ inbox, children }: { inbox: InboxState<Row>; children: ReactNode }) {
  return (
    <div className={styles.bulk}>
      <Checkbox
        size="xs"
        aria-label="Select all shown"
        checked={inbox.selected.size === inbox.rows.length}
        indeterminate={inbox.selected.size < inbox.rows.length}
        onChange={inbox.toggleAll}
      />
      <span className={styles.selected}>{plural(inbox.selected.size, 'selected', 'selected')}</span>
      {children}
    </div>
  )
}

function DetailBones() {
  return (
    <div className={styles.bones}>
      <Bone width={90} height={12} />
      <Bone width="60%" height={22} />
      <Bone width={180} height={26} />
      <Bone height={180} />
    </div>
  )
}
