import { describe, expect, test } from 'vitest'
import { compareMoney, negate, parseTyped, signOf, sumMoney, times } from '~/lib/money'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })

describe('money', () => {
  test('tenths add up exactly where floats do not', () => {
    expect(sumMoney(gbp('0.10'), gbp('0.20'))).toEqual(gbp('0.30'))
  })

  test('amounts finer than the minor unit keep every digit', () => {
    expect(sumMoney(gbp('9747747.93'), gbp('0.004'))).toEqual(gbp('9747747.934'))
    expect(times(gbp('0.001'), 541_909)).toEqual(gbp('541.909'))
  })

  test('sums beyond the safe integers of a float stay exact', () => {
    expect(sumMoney(gbp('90071992547409.91'), gbp('0.02'))).toEqual(gbp('90071992547409.93'))
  })

  test('a debt larger than the credit comes out negative with its zeros', () => {
    expect(sumMoney(gbp('1.00'), gbp('-1.05'))).toEqual(gbp('-0.05'))
    expect(negate(gbp('-0.05'))).toEqual(gbp('0.05'))
  })

  test('currencies without a minor unit work alike', () => {
    expect(sumMoney({ amount: '1200', currency: 'JPY' }, { amount: '34', currency: 'JPY' }).amount).toBe('1234')
  })

  test('two currencies are neither added nor compared', () => {
    const euro = { amount: '1', currency: 'EUR' }
    expect(() => sumMoney(gbp('1'), euro)).toThrow(RangeError)
    expect(() => compareMoney(gbp('1'), euro)).toThrow(RangeError)
  })

  test('amounts of different precision compare by value', () => {
    expect(compareMoney(gbp('1.5'), gbp('1.50'))).toBe(0)
    expect(compareMoney(gbp('-2'), gbp('1'))).toBe(-1)
    expect(signOf(gbp('-0.00'))).toBe(0)
  })

  test('a typed price may use a comma and must be a number', () => {
    expect(parseTyped(' 12,50 ')).toBe('12.50')
    expect(parseTyped('1e3')).toBeNull()
    expect(parseTyped('')).toBeNull()
  })
})
