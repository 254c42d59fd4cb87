import { describe, expect, it } from 'vitest'
import { scenarioOf } from '~/areas/products/detail/scenario'

const read = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return scenarioOf(form, '2026-11-22', 28)
}

describe('the simulator reads', () => {
  it('empty fields as "stays as it is"', () => {
    expect(read({ price: '', stock_units: ' ' })).toEqual({ kind: 'valid', question: { horizon_days: 28 } })
  })

  it('amounts as exact decimals, with a comma too', () => {
    expect(read({ price: '12,90', unit_cost: '0' })).toEqual({
      kind: 'valid',
      question: { horizon_days: 28, price: '12.90', unit_cost: '0' },
    })
  })

  it('a delivery by its day, in a week if none is said, never beyond the horizon', () => {
    const day = (fields: Record<string, string>) => {
      const answer = read(fields)
      return answer.kind === 'valid' ? answer.question.deliveries?.[0] : answer
    }
    expect(day({ delivered_units: '50' })).toEqual({ day: '2026-11-28', units: 50 })
    expect(day({ delivered_units: '50', delivery_days: '1' })).toEqual({ day: '2026-11-22', units: 50 })
    expect(day({ delivered_units: '50', delivery_days: '90' })).toEqual({ day: '2026-12-19', units: 50 })
  })

  it('a promotion as every day of the horizon', () => {
    expect(read({ promotion: 'on' })).toMatchObject({
      question: { promotion: { first_day: '2026-11-22', last_day: '2026-12-19' } },
    })
  })

  it('nothing that is not a number', () => {
    for (const fields of [{ price: 'cheap' }, { price: '0' }, { unit_cost: '-1' }, { stock_units: '1.5' }]) {
      expect(read(fields).kind).toBe('invalid')
    }
  })
})
