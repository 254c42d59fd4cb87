import { expect, test } from 'vitest'
import type { PricingPolicy } from '~/api/types'
import { pricingOf } from '~/areas/settings/pricing-form'

const KNOWN: PricingPolicy = {
  objective: 'margin',
  strategy: 'earn',
  reference: 'median',
  distance: -0.02,
  sacrifice_max: 0.1,
  own_sellers: ['Harbour'],
  risk: 'neutral',
  confidence: 0.8,
  reductions: 'any',
  reduction_min: 0.05,
  price_endings: 'charm',
  rival_band_below: 0.15,
  rival_band_above: 0.25,
  frozen: [],
}

function form(fields: Record<string, string>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  return data
}

test('what is not on the screen keeps its value', () => {
  const { pricing } = pricingOf(form({ max_change: '10', min_margin: '5', endings: 'charm' }), KNOWN, [])
  expect(pricing).toEqual(KNOWN)
})

test('percentages are typed with a comma, a minus sign of either kind, and become shares', () => {
  const fields = {
    strategy: 'compete',
    distance: '−2,5',
    own_sellers: 'One, Two ,,',
    max_change: '12',
    min_margin: '-5',
  }
  const { pricing, price_guard: guard } = pricingOf(form(fields), KNOWN, [])
  expect(pricing.distance).toBeCloseTo(-0.025)
  expect(pricing.own_sellers).toEqual(['One', 'Two'])
  expect(guard).toEqual({ max_change_per_day: 0.12, min_margin: -0.05 })
})

test('endings of one’s own are digits behind each other', () => {
  expect(pricingOf(form({ endings: 'tails', price_endings: '49, 99' }), KNOWN, []).pricing.price_endings).toBe('49,99')
})
