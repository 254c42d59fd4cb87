import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Leaderboard, ModelAccuracy, ModelStage, ModelVersion, Page, Uuid } from '~/api/types'

/** The kind of demand that figures speak of; all of it if absent. */
export type AccuracyFilter = { demand_class?: string | undefined }

/** Every version beside the others, by what their forecasts missed. */
export const leaderboardQuery = queryOptions({
  queryKey: ['models', 'leaderboard'],
  queryFn: ({ signal }) => get<Leaderboard>('/models', { signal }),
})

/** The course of the version that serves. */
export const modelAccuracyQuery = (filter: AccuracyFilter) =>
  queryOptions({
    queryKey: ['models', 'accuracy', filter],
    queryFn: ({ signal }) => get<ModelAccuracy>('/models/accuracy', { query: filter, signal }),
    placeholderData: keepPreviousData,
  })

export const modelVersionsQuery = queryOptions({
  queryKey: ['models', 'versions'],
  queryFn: ({ signal }) => get<Page<ModelVersion>>('/models/versions', { query: { limit: 50 }, signal }),
})

export const promoteModel = (id: Uuid, stage: Exclude<ModelStage, 'candidate' | 'archived'>) =>
  post<ModelVersion>(`/models/versions/${id}/promote`, { stage })

/** Ends a trial, or gives production back to what served before. */
export const rollBackModel = (id: Uuid) => post<ModelVersion>(`/models/versions/${id}/rollback`, {})
