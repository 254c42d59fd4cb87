import { expect, test } from 'vitest'
import type { PlanChange } from '~/api/price-plan'
import { changesCsv } from '~/areas/price-plan/csv'

const money = (amount: string) => ({ amount, currency: 'EUR' })
const change = (title: string): PlanChange => ({
  sku: 'MUG-1',
  product_title: title,
  price_now: money('12.90'),
  price: money('13.90'),
  units_now: 20,
  units: 17.456,
  gain: money('-3.10'),
  gain_low80: money('-9.00'),
  gain_high80: money('2.00'),
  probability_gain: 0.4,
  is_untried: false,
  reason: '',
})

test('a title is quoted, and no formula reaches the spreadsheet', () => {
  const csv = changesCsv([change('Mug, "large"'), change('=cmd()')])
  expect(csv.split('\r\n')).toEqual([
    'sku,title,currency,price_now,price,units_now,units,margin_gain',
    'MUG-1,"Mug, ""large""",EUR,12.90,13.90,20.00,17.46,-3.10',
    "MUG-1,'=cmd(),EUR,12.90,13.90,20.00,17.46,-3.10",
    '',
  ])
})
