import { expect, test } from 'vitest'
import { advisedPrice, railName, titleOf } from '~/areas/recommendations/words'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })

test('a change of price says which way and to what', () => {
  const action = { type: 'set_price', label: 'x', from: gbp('19'), to: gbp('20.90') }
  expect(titleOf({ title: 'x', action })).toBe('Raise the price to £20.90')
  expect(titleOf({ title: 'x', action: { ...action, from: gbp('61.95') } })).toBe('Lower the price to £20.90')
  expect(advisedPrice({ action })).toEqual(gbp('20.90'))
})

test('an order says how many', () => {
  const action = { type: 'order', label: 'x', quantity: 1314, order_by: 'soon' }
  expect(titleOf({ title: 'x', action })).toBe('Order 1,314 units')
  expect(advisedPrice({ action })).toBeNull()
})

test('an action of a kind not known here keeps the words of the server', () => {
  const action = { type: 'bundle', label: 'Bundle it', price: gbp('4') }
  expect(titleOf({ title: 'Bundle at 4.00 GBP', action })).toBe('Bundle at £4.00')
  expect(railName('rest_days')).toBe('Rest days')
})
