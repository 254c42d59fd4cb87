import { IconReceipt2 } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ledgerQuery } from '~/api/ledger'
import { EntryDetail } from '~/areas/ledger/entry-detail'
import { EntryRow } from '~/areas/ledger/entry-row'
import { Reconciliation } from '~/areas/ledger/reconciliation'
import { ORIGINS, OUTCOMES } from '~/areas/ledger/words'
import { Inbox, useInbox } from '~/ui/inbox'
import { FilterBar, FilterSelect, SkuChip } from '~/ui/list-filters'
import { Page } from '~/ui/page'
import { EmptyState } from '~/ui/states'
import { useShortcuts } from '~/ui/use-shortcuts'

/** What was decided, what it promised, and what it really brought. */
export function LedgerPage() {
  const search = useSearch({ from: '/shell/ledger' })
  const navigate = useNavigate({ from: '/ledger' })
  const { open, ...filter } = search
  const query = useInfiniteQuery(ledgerQuery(filter))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const inbox = useInbox(
    rows,
    open,
    (id) => void navigate({ search: (now) => ({ ...now, open: id }), replace: true, resetScroll: false }),
  )
  useShortcuts(inbox.shortcuts('Ledger').filter(({ keys }) => keys !== 'x'))
  const change = (changes: { origin?: string; outcome?: string }) =>
    void navigate({ search: (now) => ({ ...now, ...changes, open: '' }), replace: true })
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  return (
    <Page title="Ledger" lead="What your decisions promised, and what they brought.">
      <Reconciliation />
      <Inbox
        label="Decisions"
        inbox={inbox}
        query={query}
        toolbar={
          <FilterBar>
            <FilterSelect
              label="Where it came from"
              all="Every decision"
              value={search.origin}
              titles={ORIGINS}
              onChange={(origin) => change({ origin })}
            />
            <FilterSelect
              label="Outcome"
              all="Every outcome"
              value={search.outcome}
              titles={OUTCOMES}
              onChange={(outcome) => change({ outcome })}
            />
            <SkuChip sku={search.sku} />
          </FilterBar>
        }
        empty={
          <EmptyState icon={IconReceipt2} title={isFiltered ? 'No decision fits' : 'No decisions yet'}>
            {isFiltered
              ? 'Change the filters to see others.'
              : 'Accept a recommendation or change a price: four weeks later it says here what that brought.'}
          </EmptyState>
        }
        row={(each) => <EntryRow entry={each} />}
        nameOf={(each) => `${each.title}, ${each.product_title}`}
        detail={(each) => <EntryDetail key={each.id} entry={each} />}
      />
    </Page>
  )
}
