import { expect, test } from 'vitest'
import type { PlanTotals } from '~/api/price-plan'
import { chosenPlace, placeOf } from '~/areas/price-plan/choice'

const point = (revenue: number, margin: number, index: number): PlanTotals => ({
  units: 100,
  revenue: { amount: revenue.toFixed(2), currency: 'EUR' },
  margin: { amount: margin.toFixed(2), currency: 'EUR' },
  price_index: index,
  changes: 3,
})
const TODAY = point(1000, 300, 1)
const FRONT = [point(950, 360, 1.06), point(1000, 330, 1.01), point(1040, 302, 0.97), point(1060, 250, 0.93)]

test('named points are the ends of the front, the best sum, and the lowest prices that cost no margin', () => {
  expect(placeOf('margin', FRONT, TODAY)).toBe(0)
  expect(placeOf('revenue', FRONT, TODAY)).toBe(3)
  expect(placeOf('balanced', FRONT, TODAY)).toBe(2)
  expect(placeOf('low-prices', FRONT, TODAY)).toBe(2)
})

test('the address counts from one, and what it cannot mean is the most margin', () => {
  expect(chosenPlace('3', FRONT, TODAY)).toBe(2)
  for (const asked of [undefined, '0', '9', 'x', '1.5']) expect(chosenPlace(asked, FRONT, TODAY)).toBe(0)
})
