import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '~/api/http'
import type { LedgerEntry, LedgerSummary, Page } from '~/api/types'

export type LedgerFilter = {
  origin?: string | undefined
  outcome?: string | undefined
  sku?: string | undefined
}

/** Decisions with what they brought, newest first. */
export const ledgerQuery = (filter: LedgerFilter) =>
  infiniteQueryOptions({
    queryKey: ['ledger', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<LedgerEntry>>('/ledger', { query: { ...filter, limit: 50, after: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

export const ledgerSummaryQuery = queryOptions({
  queryKey: ['ledger', 'summary'],
  queryFn: ({ signal }) => get<LedgerSummary>('/ledger/summary', { signal }),
})
