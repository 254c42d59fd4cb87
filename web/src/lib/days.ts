// Calendar days ("2026-01-31") in the shop's time zone, and instants shown in it. A Day has no zone and no hour:
// arithmetic runs on UTC midnights, so that summer time changes nothing.

export type Day = string
export type Instant = string

const DAY_MS = 86_400_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

function utc(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}

export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(utc(text)) && fromUtc(utc(text)) === text
}

function fromUtc(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10)
}

export function addDays(day: Day, count: number): Day {
  return fromUtc(utc(day) + count * DAY_MS)
}

/** Days from `from` to `to`: 0 on the same day. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS)
}

/** Seconds since the epoch at the day's UTC midnight: the x of a chart. */
export function daySeconds(day: Day): number {
  return utc(day) / 1000
}

export function dayOfSeconds(seconds: number): Day {
  return fromUtc(seconds * 1000)
}

// A formatter is costly to build and a chart asks for thousands of days.
const zones = new Map<string, Intl.DateTimeFormat>()

/** The calendar day of an instant in a zone. */
export function dayIn(zone: string, instant: Instant | number): Day {
  let format = zones.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    zones.set(zone, format)
  }
  return format.format(new Date(instant))
}

export type DayStyle = 'short' | 'medium' | 'weekday'

const DAY_STYLES: Record<DayStyle, Intl.DateTimeFormatOptions> = {
  short: { day: 'numeric', month: 'short' },
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
}

export function formatDay(day: Day, style: DayStyle = 'medium'): string {
  return new Intl.DateTimeFormat(undefined, { ...DAY_STYLES[style], timeZone: 'UTC' }).format(utc(day))
}

/** "3 Jan – 2 Feb 2026": the year once when both ends share it. */
export function formatDayRange(from: Day, to: Day): string {
  if (from === to) return formatDay(from)
  const style = from.slice(0, 4) === to.slice(0, 4) ? 'short' : 'medium'
  return `${formatDay(from, style)} – ${formatDay(to)}`
}

/** "21 Nov 2026, 14:05 GMT" in the shop's zone. */
export function formatInstant(instant: Instant, zone: string): string {
  return new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(new Date(instant))
}

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** "3 hours ago", "in 2 days", "just now". */
export function formatRelative(instant: Instant, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit)
  }
  return 'just now'
}
