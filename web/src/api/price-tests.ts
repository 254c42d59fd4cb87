import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Day, Instant, Page, Uuid } from '~/api/types'
import type { Money } from '~/lib/money'

export type PriceTestPlan = {
  price_now: Money
  prices: Money[]
  price_move: number
  days: number
  rounds: number
  round_days: number
  blocks: string
  block_days: number
  layout: string
  washout_days: number
  cost: { expected: Money; low80: Money; high80: Money }
  deviation_now: number
  deviation_after: number
  value: { probability_price_changes: number; expected_gain: Money; horizon_days: number }
  pays: boolean
  summary: string
}
export type PriceTestProposal = {
  sku: string
  product_title: string
  why: string
  elasticity: { mean: number; deviation: number }
  answer: string // 'run' | 'already_sure' | 'out_of_reach'
  reason: string
  plan: PriceTestPlan | null
}
export type PriceTestReading = {
  rounds_read: number
  rounds_planned: number
  days_counted: number
  days_dropped: { reason: string; days: number }[]
  elasticity: { expected: number; low: number; high: number } | null
  no_effect_p_value: number
  belief: { mean: number; deviation: number }
  comparisons: {
    price: Money
    change_ratio: { expected: number; low: number; high: number } | null
    change_per_day: Money
  }[]
  cost_so_far: Money
  may_stop: boolean
  verdict: string
  summary: string
}
export type PriceTest = {
  id: Uuid
  sku: string
  product_title: string
  state: string // 'running' | 'finished' | 'stopped'
  first_day: Day | null
  last_day: Day | null
  today: { day: Day; price: Money; role: string; next_day: Day | null; next_price: Money | null } | null
  plan: PriceTestPlan
  reading: PriceTestReading | null
  started_at: Instant
  started_by: string
  ended_at: Instant | null
  end_reason: string | null
  version: number
  updated_at: Instant
}
export type PriceTestDetail = PriceTest & { schedule: { day: Day; round: number; price: Money; role: string }[] }

/** Tests that would settle what the data cannot tell, the most worthwhile first. */
export const proposalsQuery = queryOptions({
  queryKey: ['price-tests', 'proposals'],
  queryFn: ({ signal }) => get<{ items: PriceTestProposal[] }>('/price-tests/proposals', { signal }),
})

export const priceTestsQuery = queryOptions({
  queryKey: ['price-tests', 'list'],
  queryFn: ({ signal }) => get<Page<PriceTest>>('/price-tests', { query: { limit: 100 }, signal }),
})

export const priceTestQuery = (id: Uuid) =>
  queryOptions({
    queryKey: ['price-tests', 'one', id],
    queryFn: ({ signal }) => get<PriceTestDetail>(`/price-tests/${id}`, { signal }),
    placeholderData: keepPreviousData,
  })

export const startPriceTest = (sku: string) => post<PriceTestDetail>('/price-tests', { sku })
export const stopPriceTest = (id: Uuid) => post<PriceTestDetail>(`/price-tests/${id}/stop`, {})
