import { describe, expect, test } from 'vitest'
import { addDays, dayIn, dayOfSeconds, daySeconds, daysBetween, formatRelative, isDay } from '~/lib/days'

describe('days', () => {
  test('adding days crosses leap days and summer time unharmed', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-03-28', 1)).toBe('2026-03-29')
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30')
    expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31)
  })

  test('the day of an instant is the shop’s, not the server’s', () => {
    expect(dayIn('Pacific/Auckland', '2026-11-20T12:00:00Z')).toBe('2026-11-21')
    expect(dayIn('America/Los_Angeles', '2026-11-20T06:00:00Z')).toBe('2026-11-19')
  })

  test('chart seconds read back as the same day', () => {
    expect(dayOfSeconds(daySeconds('2026-11-20'))).toBe('2026-11-20')
  })

  test('only real calendar days are days', () => {
    expect(isDay('2026-02-29')).toBe(false)
    expect(isDay('2026-2-9')).toBe(false)
    expect(isDay('2028-02-29')).toBe(true)
  })

  test('recent moments are told relative to now', () => {
    const now = Date.parse('2026-11-20T12:00:00Z')
    expect(formatRelative('2026-11-20T11:59:40Z', now)).toBe('just now')
    expect(formatRelative('2026-11-20T09:00:00Z', now)).toMatch(/3 hours ago/)
    expect(formatRelative('2026-11-22T12:00:00Z', now)).toMatch(/2 days/)
  })
})
