// The date range and comparison every page shares, as they stand in the URL: ?range=28d&compare=last_year.
// `parseRange(printRange(choice))` is `choice`.

import { addDays, type Day, formatDayRange, isDay } from '~/lib/days'

export const PRESETS = {
  '7d': { days: 7, title: 'Last 7 days' },
  '28d': { days: 28, title: 'Last 28 days' },
  '90d': { days: 90, title: 'Last 90 days' },
  '365d': { days: 365, title: 'Last 12 months' },
} as const

export type Preset = keyof typeof PRESETS
export const DEFAULT_PRESET: Preset = '28d'
export const PRESET_NAMES: readonly Preset[] = ['7d', '28d', '90d', '365d']

/** `preset` ranges end on the last day with data, which is not always today. */
export type RangeChoice = { kind: 'preset'; preset: Preset } | { kind: 'custom'; from: Day; to: Day }

export const COMPARISONS = {
  previous: 'Previous period',
  last_year: 'Same period last year',
  none: 'No comparison',
} as const
export type Compare = keyof typeof COMPARISONS
export const COMPARE_NAMES: readonly Compare[] = ['previous', 'last_year', 'none']

function isPreset(text: string): text is Preset {
  return Object.hasOwn(PRESETS, text)
}

export function isCompare(text: unknown): text is Compare {
  return typeof text === 'string' && Object.hasOwn(COMPARISONS, text)
}

export function printRange(choice: RangeChoice): string {
  return choice.kind === 'preset' ? choice.preset : `${choice.from}..${choice.to}`
}

/** null for anything that is not a range: the default then applies. */
export function parseRange(text: unknown): RangeChoice | null {
  if (typeof text !== 'string') return null
  if (isPreset(text)) return { kind: 'preset', preset: text }
  const [from = '', to = '', ...rest] = text.split('..')
  if (rest.length > 0 || !isDay(from) || !isDay(to) || from > to) return null
  return { kind: 'custom', from, to }
}

export type DayRange = { from: Day; to: Day }

/** The days a choice stands for, when `lastDay` is the last day with data. */
export function resolveRange(choice: RangeChoice, lastDay: Day): DayRange {
  if (choice.kind === 'custom') return { from: choice.from, to: choice.to }
  return { from: addDays(lastDay, 1 - PRESETS[choice.preset].days), to: lastDay }
}

export function titleOfRange(choice: RangeChoice): string {
  return choice.kind === 'preset' ? PRESETS[choice.preset].title : formatDayRange(choice.from, choice.to)
}
