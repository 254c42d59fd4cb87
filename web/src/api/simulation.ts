import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask } from '~/api/http'
import { pathOf } from '~/api/products'
import type { Day } from '~/api/types'
import type { Money } from '~/lib/money'

export type Scenario = {
  price?: string
  promotion?: { first_day: Day; last_day: Day }
  stock_units?: number
  deliveries?: { day: Day; units: number }[]
  unit_cost?: string
  rival_price?: string
  horizon_days?: number
}
export type Spread = { mean: number; median: number; low80: number; high80: number }
export type MoneySpread = { mean: Money; median: Money; low80: Money; high80: Money }
export type PlanOutcome = {
  price: Money
  unit_cost: Money | null
  rival_price: Money | null
  stock_units: number | null
  delivered_units: number
  units: Spread
  lost_units: Spread
  revenue: MoneySpread
  margin: MoneySpread | null
  stock_out: { probability: number; likely_day: Day | null; by_day: { day: Day; probability: number }[] }
}
export type Simulation = {
  sku: string
  product_title: string
  first_day: Day
  last_day: Day
  horizon_days: number
  draws: number
  seed: string
  baseline: PlanOutcome
  scenario: PlanOutcome
  difference: { units: Spread; revenue: MoneySpread; margin: MoneySpread | null; probability_better: number }
  warnings: { code: string; message: string }[]
  violations: { rule: string; message: string }[]
}

/** How another plan fares beside the one as it stands, future by future. */
export const simulationQuery = (sku: string, scenario: Scenario) =>
  queryOptions({
    queryKey: ['simulation', sku, scenario],
    queryFn: ({ signal }) => ask<Simulation>(`${pathOf(sku)}/simulate`, scenario, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  })
