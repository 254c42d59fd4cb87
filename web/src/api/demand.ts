import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '~/api/http'
import type { Day, Instant, Money } from '~/api/types'

export type DemandLine = {
  products: number
  units: number
  units_low80: number
  units_high80: number
  units_before: number
  /** null for a store */
  revenue: Money | null
  status: string // 'ready' | 'not_enough_data'
}
export type DemandPlan = {
  days: { from: Day; to: Day }
  before: { from: Day; to: Day }
  made_at: Instant
  whole: DemandLine
  categories: { category: string | null; line: DemandLine }[]
  /** empty where there is one store alone */
  stores: { store: string; line: DemandLine }[]
}

export const demandPlanQuery = (days: number) =>
  queryOptions({
    queryKey: ['demand-plan', days],
    queryFn: ({ signal }) => get<DemandPlan | null>('/demand-plan', { query: { days }, signal }),
    placeholderData: keepPreviousData,
  })
