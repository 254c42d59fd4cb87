import { describe, expect, it } from 'vitest'
import { seasonOf } from '~/areas/products/detail/season-question'

const read = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return seasonOf(form, '2026-11-22')
}

describe('the season planner reads', () => {
  it('a day alone as "all that is in stock"', () => {
    expect(read({ until: '2026-12-31', stock_units: ' ' })).toEqual({
      kind: 'valid',
      question: { until: '2026-12-31' },
    })
  })

  it('a value of what is left, which getting rid of may make negative', () => {
    expect(read({ until: '2026-12-31', stock_units: '80', leftover_value: '−1,50' })).toEqual({
      kind: 'valid',
      question: { until: '2026-12-31', stock_units: 80, leftover_value: '-1.50' },
    })
  })

  it('nonsense as a sentence', () => {
    const wrong = [{}, { until: '2026-11-21' }, { until: '2026-12-31', stock_units: '0' }]
    for (const fields of [...wrong, { until: '2026-12-31', leftover_value: 'much' }]) {
      expect(read(fields).kind).toBe('invalid')
    }
  })
})
