import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask } from '~/api/http'
import { pathOf } from '~/api/products'
import type { Day } from '~/api/types'
import type { Money } from '~/lib/money'

/** What is to be sold off; what is absent is the stock as counted, and nothing for what is left. */
export type SeasonQuestion = { until: Day; stock_units?: number; leftover_value?: string }
export type Season = {
  sku: string
  product_title: string
  price_now: Money
  price: Money
  binding: string | null
  stock_units: number
  sold_units: number
  left_units: number
  revenue: Money
  value: Money
  best_fixed_price: Money
  best_fixed_value: Money
  sell_out_probability: number
  days: { day: Day; price: number; units: number; left_units: number; is_frozen: boolean }[]
}

/** The course of prices that sells a stock by a day. */
export const seasonQuery = (sku: string, question: SeasonQuestion) =>
  queryOptions({
    queryKey: ['season', sku, question],
    queryFn: ({ signal }) => ask<Season>(`${pathOf(sku)}/season`, question, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  })
