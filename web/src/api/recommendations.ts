import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Day, Page, Recommendation, Uuid } from '~/api/types'

export type RecommendationFilter = {
  kind?: string | undefined
  state?: string | undefined
  sku?: string | undefined
  sort?: string | undefined
}

export const recommendationsQuery = (filter: RecommendationFilter) =>
  infiniteQueryOptions({
    queryKey: ['recommendations', filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Recommendation>>('/recommendations', { query: { ...filter, limit: 50, after: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

/** How many wait for a decision. */
export const openRecommendationsQuery = queryOptions({
  queryKey: ['recommendation-count'],
  queryFn: ({ signal }) =>
    get<Page<Recommendation>>('/recommendations', { query: { state: 'open', limit: 1 }, signal }),
  select: (page) => page.total ?? page.items.length,
})

/** What a merchant may do with a recommendation. */
export type Decision =
  | { action: 'accept' }
  | { action: 'dismiss'; reason: string }
  | { action: 'snooze'; until: Day }
  | { action: 'undo' }

type BulkAnswer = { done: Uuid[]; failed: { id: Uuid; detail: string }[] }

export const decide = (id: Uuid, { action, ...body }: Decision) =>
  post<Recommendation>(`/recommendations/${id}/${action}`, body)

export const decideMany = (ids: Uuid[], decision: Decision) =>
  post<BulkAnswer>('/recommendations/bulk', { ids, ...decision })
