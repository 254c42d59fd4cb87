import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Alert, Day, Page, Severity, Uuid } from '~/api/types'

export type AlertFilter = {
  state?: string | undefined
  severity?: string | undefined
  kind?: string | undefined
  sku?: string | undefined
  search?: string | undefined
}

export const alertsQuery = (filter: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Alert>>('/alerts', { query: { ...filter, limit: 50, after: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

type AlertCounts = { open: number; snoozed: number; by_severity: Record<Severity, number> }

export const alertCountsQuery = queryOptions({
  queryKey: ['alert-counts'],
  queryFn: ({ signal }) => get<AlertCounts>('/alerts/counts', { signal }),
})

/** What a member may do with an alert. */
export type Handling =
  | { action: 'acknowledge' }
  | { action: 'resolve' }
  | { action: 'snooze'; until: Day }
  | { action: 'undo' }

type BulkAnswer = { done: Uuid[]; failed: { id: Uuid; detail: string }[] }

export const handle = (id: Uuid, { action, ...body }: Handling) => post<Alert>(`/alerts/${id}/${action}`, body)

export const handleMany = (ids: Uuid[], handling: Handling) => post<BulkAnswer>('/alerts/bulk', { ids, ...handling })
