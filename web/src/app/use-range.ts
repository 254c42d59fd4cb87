import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { overviewQuery } from '~/api/overview'
import {
  type Compare,
  type DayRange,
  DEFAULT_PRESET,
  parseRange,
  printRange,
  type RangeChoice,
  resolveRange,
} from '~/lib/range'

type Chosen = {
  choice: RangeChoice
  compare: Compare
  /** null until the last day with data is known, and for the default, which the server resolves itself. */
  range: DayRange | null
  setRange(choice: RangeChoice): void
  setCompare(compare: Compare): void
}

/** The date range and comparison in the URL, shared by the pages of the shell. */
export function useRange(): Chosen {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const lastDay = useQuery({ ...overviewQuery(null, 'previous'), select: (overview) => overview.range.to }).data
  const choice = parseRange(search.range) ?? { kind: 'preset', preset: DEFAULT_PRESET }
  const isDefault = choice.kind === 'preset' && choice.preset === DEFAULT_PRESET
  const range = isDefault ? null : choice.kind === 'custom' ? choice : lastDay ? resolveRange(choice, lastDay) : null
  return {
    choice,
    compare: search.compare ?? 'previous',
    range: range && { from: range.from, to: range.to },
    setRange: (next) => void navigate({ to: '.', search: (now) => ({ ...now, range: printRange(next) }) }),
    setCompare: (next) => void navigate({ to: '.', search: (now) => ({ ...now, compare: next }) }),
  }
}
