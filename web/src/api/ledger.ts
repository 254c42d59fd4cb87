import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '~/api/http'
import type { Day, Instant, Page, Uuid } from '~/api/types'
import type { Money } from '~/lib/money'

export type MoneyRange = { expected: Money; low80: Money; high80: Money; low95: Money; high95: Money }
export type PriceChange = { day: Day; from: Money; to: Money }
export type Effect = {
  method: string // 'switch_back' | 'split' | 'peers'
  first_day: Day
  last_day: Day
  days: number
  verdict: string // 'more' | 'fewer' | 'unclear'
  units: { expected: number; low80: number; high80: number; low95: number; high95: number; ratio: number }
  revenue: MoneyRange
  margin: MoneyRange | null
  peers: { sku: string; weight: number }[]
  weaknesses: string[]
  claim: { basis: string; claimed: Money; counterfactual: Money; actual: Money } | null
}
export type LedgerEntry = {
  id: Uuid
  origin: string // 'recommendation' | 'own_price_change' | 'price_test'
  kind: string
  sku: string
  product_title: string
  title: string
  decision: string
  decided_at: Instant
  decided_by: string
  reason: string | null
  promised: {
    expected: Money
    low80: Money
    high80: Money
    horizon_days: number
    against: string
    confidence: number
    action: unknown
  } | null
  back_test: {
    explanation: string
    is_possible: boolean
    entry: Uuid | null
    change: PriceChange | null
    effect: Effect | null
  } | null
  outcome: string // 'waiting' | 'not_applied' | 'too_early' | 'measured' | 'not_measurable' | 'not_done'
  explanation: string | null
  change: PriceChange | null
  applied_at: Instant | null
  effect: Effect | null
  is_settled: boolean
  updated_at: Instant
}
export type LedgerSummary = {
  counts: { origin: string; decision: string; outcome: string; entries: number; promised: Money }[]
  origins: { origin: string; entries: number; promised: Money; measured: Money }[]
  reconciliation: {
    entries: number
    skus: number
    claimed: Money
    counterfactual: Money
    actual: Money
    booked: Money
    difference: Money
    holds: boolean
  }
}

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
