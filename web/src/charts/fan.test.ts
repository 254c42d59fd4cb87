import { expect, test } from 'vitest'
import { makeFan } from '~/charts/fan'

const ahead = (day: string, mean: number) => ({
  day,
  mean,
  median: mean,
  low80: mean - 2,
  high80: mean + 2,
  low95: mean - 4,
  high95: mean + 4,
})

test('the forecast starts where the last complete day ends, across the running day', () => {
  const fan = makeFan(
    [
      { day: '2026-11-18', value: 9 },
      { day: '2026-11-19', value: 10 },
      { day: '2026-11-20', value: 3, is_partial: true },
    ],
    [ahead('2026-11-21', 14)],
    { label: 'Sold', shape: 'area' },
  )
  expect(fan.history.values).toEqual([9, 10, null, null])
  expect(fan.partial.values).toEqual([null, null, 3, null])
  expect(fan.forecast.values).toEqual([null, 10, 12, 14])
  expect(fan.bands[1]?.low).toEqual([null, 10, 11, 12])
})

test('without a forecast there is nothing to join', () => {
  const fan = makeFan([{ day: '2026-11-19', value: 10 }], [], { label: 'Sold', shape: 'area' })
  expect(fan.forecast.values).toEqual([null])
})
