import { expect, test } from 'vitest'
import { isTold, sentenceOfDriver } from './driver'

test('a promotion is told as a share beyond its price', () => {
  expect(sentenceOfDriver({ driver: 'promotion', effect: 0.184, low95: -0.02, high95: 0.32 })).toBe(
    'A promotion moves demand by +18% beyond its price (−2% to +32%).',
  )
})

test('a rival that grows dearer sends buyers, or takes them', () => {
  const told = (effect: number, low95: number, high95: number) =>
    sentenceOfDriver({ driver: 'rival_price', effect, low95, high95 })
  expect(told(0.6, 0.2, 1)).toBe('A rival 1% dearer means 0.6% more units (0.2 to 1).')
  expect(told(-0.3, -0.8, 0.2)).toBe('A rival 1% dearer means 0.3% fewer units (−0.2 to 0.8).')
})

test('similar products are told of where they are told apart from nothing', () => {
  const similar = (low95: number) => ({ driver: 'substitutes' as const, effect: 0.2, low95, high95: 0.4 })
  expect([-0.1, 0.05].map((low) => isTold(similar(low)))).toEqual([false, true])
  expect(sentenceOfDriver(similar(0.1))).toBe('Similar products of yours 1% dearer mean 0.2% more units (0.1 to 0.4).')
})

test('a rival is told to follow where that matters', () => {
  const rival = (effect: number) => ({ driver: 'rival_follows' as const, effect, low95: -0.2, high95: 0.9 })
  expect([0.05, 0.4].map((share) => isTold(rival(share)))).toEqual([false, true])
  expect(sentenceOfDriver(rival(0.4))).toBe('The cheapest rival follows your price changes by about 40% (−20% to 90%).')
})
