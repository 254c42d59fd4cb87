import { expect, test } from 'vitest'
import { formatChance, formatCount, formatMoney, formatMoneyInterval, formatRatio, plural } from '~/lib/format'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })

test('money keeps its digits and its sign', () => {
  expect(formatMoney(gbp('1234.5'))).toBe('£1,234.50')
  expect(formatMoney(gbp('-20'), { signed: true })).toBe('−£20.00')
  expect(formatMoney(gbp('20'), { signed: true })).toBe('+£20.00')
})

test('large exact amounts are printed without passing through a float', () => {
  expect(formatMoney(gbp('90071992547409.93'))).toBe('£90,071,992,547,409.93')
})

test('a unit price finer than the minor unit is not rounded away', () => {
  expect(formatMoney(gbp('0.001'))).toBe('£0.001')
  expect(formatMoney(gbp('12.500'))).toBe('£12.50')
  expect(formatMoney(gbp('51.895126436781609'))).toBe('£51.90')
})

test('an interval writes both ends alike and shows signs when the sign may turn', () => {
  expect(formatMoneyInterval(gbp('90.62'), gbp('484'))).toBe('£91–£484')
  expect(formatMoneyInterval(gbp('-52.17'), gbp('595'))).toBe('−£52 to +£595')
})

test('a probability is a word and a number, and never certainty', () => {
  expect(formatChance(0.784)).toBe('Likely (78%)')
  expect(formatChance(0.5)).toBe('About even (50%)')
  expect(formatChance(1)).toBe('Almost certain (over 99%)')
  expect(formatChance(0)).toBe('Almost ruled out (under 1%)')
})

test('ratios and counts are rounded once, at the end', () => {
  expect(formatRatio(0.2564)).toBe('25.6%')
  expect(formatRatio(-0.031, { signed: true })).toBe('−3.1%')
  expect(formatCount(1234.6)).toBe('1,235')
  expect(plural(1, 'product')).toBe('1 product')
  expect(plural(0, 'product')).toBe('0 products')
  expect(plural(1.4, 'day')).toBe('1 day')
  expect(plural(1.5, 'day')).toBe('2 days')
})
