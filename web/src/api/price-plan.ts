import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask, post } from '~/api/http'
import type { Uuid } from '~/api/types'
import type { Money } from '~/lib/money'

/** Sums over the products that take part; the price index is 1 today. */
export type PlanTotals = { units: number; revenue: Money; margin: Money; price_index: number; changes: number }
export type LeftOut = {
  not_identified: number
  no_forecast: number
  no_cost: number
  under_test: number
  no_legal_price: number
  too_many: number
}
export type PriceFront = {
  horizon_days: number
  products: number
  today: PlanTotals
  points: PlanTotals[]
  left_out: LeftOut
}
export type PlanChange = {
  sku: string
  product_title: string
  price_now: Money
  price: Money
  units_now: number
  units: number
  gain: Money
  gain_low80: Money
  gain_high80: Money
  probability_gain: number
  is_untried: boolean
  reason: string
}
export type PricePlan = {
  horizon_days: number
  products: number
  today: PlanTotals
  plan: PlanTotals
  changes: PlanChange[]
  binding: string[]
  gap_share: number
  left_out: LeftOut
}
export type PlanTaken = { accepted: Uuid[]; refused: { sku: string; reason: string }[] }

/** What can be had together: no point is beaten by another in revenue, margin and low prices. */
export const frontQuery = queryOptions({
  queryKey: ['price-plan', 'front'],
  queryFn: ({ signal }) => ask<PriceFront>('/prices/front', {}, { signal }),
  staleTime: 5 * 60_000,
})

/** A hair of room: the amounts of a point are rounded to the cent. */
const ROOM = 0.0001

/** The prices of a point: the highest margin with at least its revenue and at most its price index. */
export const planQuery = (point: PlanTotals) => {
  const limits = {
    revenue_min: (Number(point.revenue.amount) * (1 - ROOM)).toFixed(2),
    price_index_max: point.price_index + ROOM,
  }
  return queryOptions({
    queryKey: ['price-plan', 'plan', limits],
    queryFn: ({ signal }) => ask<PricePlan>('/prices/portfolio', { objective: 'margin', limits }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  })
}

export const takePlan = (changes: readonly PlanChange[]) =>
  post<PlanTaken>('/prices/portfolio/take', {
    prices: changes.map(({ sku, price }) => ({ sku, price: price.amount })),
  })
