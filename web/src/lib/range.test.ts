import { describe, expect, test } from 'vitest'
import { parseSearch, printSearch } from '~/app/search'
import { parseShared } from '~/app/shared-search'
import { parseProductSearch, parseSort, printSort, SORT_COLUMNS } from '~/areas/products/product-search'
import { addDays } from '~/lib/days'
import { PRESET_NAMES, parseRange, printRange, type RangeChoice, resolveRange } from '~/lib/range'

describe('the address', () => {
  const choices: RangeChoice[] = [
    ...PRESET_NAMES.map((preset): RangeChoice => ({ kind: 'preset', preset })),
    ...Array.from({ length: 60 }, (_, index): RangeChoice => {
      const from = addDays('2026-01-01', index * 11)
      return { kind: 'custom', from, to: addDays(from, index) }
    }),
  ]

  test('reads back every range it prints', () => {
    for (const choice of choices) expect(parseRange(printRange(choice))).toEqual(choice)
  })

  test('refuses what is not a range', () => {
    for (const text of ['', '13d', '2026-02-30..2026-03-01', '2026-03-02..2026-03-01', 7, null]) {
      expect(parseRange(text)).toBeNull()
    }
  })

  test('reads back every order of the product table it prints', () => {
    for (const column of SORT_COLUMNS) {
      for (const descending of [true, false]) {
        expect(parseSort(printSort({ column, descending }))).toEqual({ column, descending })
      }
    }
  })

  test('reads back the whole state of a page, numbers and odd letters as text', () => {
    const state = { search: '123', category: 'Tea & cups', status: 'loss', sort: '-revenue', columns: 'price,stock' }
    expect(parseProductSearch(parseSearch(printSearch(state)))).toEqual(state)
    const shared = { range: '2026-01-01..2026-02-01', compare: 'last_year' as const }
    expect(parseShared(parseSearch(printSearch(shared)))).toEqual(shared)
  })

  test('drops what it does not understand', () => {
    expect(parseShared({ range: 'ever', compare: 'twin' })).toEqual({})
    expect(parseProductSearch({ sort: 'colour', search: '' })).toEqual({})
  })

  test('a preset ends on the last day with data', () => {
    expect(resolveRange({ kind: 'preset', preset: '7d' }, '2011-12-09')).toEqual({
      from: '2011-12-03',
      to: '2011-12-09',
    })
  })
})
