import { expect, test } from 'vitest'
import { keepExtremes } from '~/charts/downsample'

test('short series are kept whole', () => {
  expect(keepExtremes([3, 1, 2], 10)).toEqual([0, 1, 2])
})

test('the single spike of a long series survives', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => (index === 7321 ? 900 : Math.sin(index)))
  const kept = keepExtremes(values, 600)
  expect(kept.length).toBeLessThanOrEqual(602)
  expect(kept).toContain(7321)
  expect(kept[0]).toBe(0)
  expect(kept.at(-1)).toBe(9999)
})
