import { expect, test } from 'vitest'
import { formatDay } from '~/lib/days'
import { prose, sentence } from '~/lib/prose'

test('amounts of money are written with their symbol and grouped, to the cent', () => {
  expect(prose('The 6 best are worth about 1292.47 GBP')).toBe('The 6 best are worth about £1,292.47')
  expect(prose('+597.59 GBP expected over 17 days')).toBe('+£597.59 expected over 17 days')
  expect(prose('3857.25 EUR of cost, 1200 JPY of postage')).toBe('€3,857.25 of cost, ¥1,200 of postage')
})

test('both ends of a change and the interval after it share the currency', () => {
  expect(prose('Change the price from 19.00 to 20.90 GBP')).toBe('Change the price from £19.00 to £20.90')
  expect(prose('83.82 GBP more profit (37.05–140.32); held')).toBe('£83.82 more profit (£37.05–£140.32); held')
  expect(prose('89.9 GBP more profit (-17.27–205.89)')).toBe('£89.90 more profit (−£17.27 to £205.89)')
})

test('days and percentages follow the reader, minus signs line up', () => {
  expect(prose('Order 314 by 2026-11-21')).toBe(`Order 314 by ${formatDay('2026-11-21')}`)
  expect(prose('step -10.0 %, at most ±50.0 %, 5.5 % below')).toBe('step −10%, at most ±50%, 5.5% below')
  expect(prose('-2.13 ± 0.35')).toBe('−2.13 ± 0.35')
  expect(prose('lasts 1 days of 31 days')).toBe('lasts 1 day of 31 days')
})

test('codes, names and what only looks like money stay as they are', () => {
  for (const text of ['MUG-0000-E', 'set of 4 ABC', '31–71 will sell', 'A5 dotted, 40 × 40 cm', 'etsy-1100031676']) {
    expect(prose(text)).toBe(text)
  }
})

test('a note becomes a sentence', () => {
  expect(sentence('margin 34.4 %, at least 5.0 %')).toBe('Margin 34.4%, at least 5%.')
  expect(sentence('')).toBe('')
})
