// The state of the product table as it stands in the URL.

import { textParam } from '~/app/search'

export const SORT_COLUMNS = [
  'title',
  'price',
  'margin_rate',
  'stock',
  'stock_cover',
  'units',
  'revenue',
  'forecast',
] as const
export type SortColumn = (typeof SORT_COLUMNS)[number]

export type Sort = { column: SortColumn; descending: boolean }

export const DEFAULT_SORT: Sort = { column: 'revenue', descending: true }

export type ProductSearch = {
  search?: string
  category?: string
  status?: string
  sort?: string
  columns?: string
}

export function parseProductSearch(search: Record<string, unknown>): ProductSearch {
  const sort = parseSort(search.sort)
  return {
    ...textParam(search, 'search'),
    ...textParam(search, 'category'),
    ...textParam(search, 'status'),
    ...textParam(search, 'columns'),
    ...(sort ? { sort: printSort(sort) } : {}),
  }
}

function isSortColumn(text: string): text is SortColumn {
  return SORT_COLUMNS.some((column) => column === text)
}

export function parseSort(text: unknown): Sort | null {
  if (typeof text !== 'string') return null
  const descending = text.startsWith('-')
  const column = descending ? text.slice(1) : text
  return isSortColumn(column) ? { column, descending } : null
}

export function printSort({ column, descending }: Sort): string {
  return descending ? `-${column}` : column
}

/** The states a product can be filtered by. */
export const STATUS_TITLES = {
  attention: 'Needs attention',
  out_of_stock: 'Out of stock',
} as const
