import { type Compare, isCompare, parseRange, printRange } from '~/lib/range'

/** Search parameters every page shares; a wrong one is dropped and the default applies. */
export type SharedSearch = { range?: string; compare?: Compare }

export function parseShared(search: Record<string, unknown>): SharedSearch {
  const choice = parseRange(search.range)
  return {
    ...(choice ? { range: printRange(choice) } : {}),
    ...(isCompare(search.compare) ? { compare: search.compare } : {}),
  }
}
