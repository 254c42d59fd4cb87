import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Day, Instant, Page, Uuid } from '~/api/types'

export type AccuracyFigures = {
  skus: number
  days: number
  mase: number | null
  wape: number | null
  bias: number | null
  pinball: number | null
  coverage_80: number | null
  coverage_95: number | null
  calibration: { nominal: number; observed: number }[]
}
export type ModelStage = 'candidate' | 'shadow' | 'canary' | 'production' | 'archived'
export type ModelVersion = {
  id: Uuid
  kind: string
  number: number
  model: string
  stage: string // ModelStage
  stage_since: Instant
  note: string | null
  canary_share: number | null
  parameters: unknown
  code_version: string
  artefact_hash: string | null
  trained_at: Instant
  data_until: Day | null
  data_versions: unknown
  metrics: unknown
  parent_id: Uuid | null
  replaced_id: Uuid | null
  created_by: string
  created_at: Instant
  version: number
}
export type LeaderboardRow = {
  version_id: Uuid
  model: string
  number: number
  stage: string
  demand_class: string | null
  live_share: number
  over_baseline: number | null
  figures: AccuracyFigures
}
export type ModelMember = { demand_class: string; model: string; weight: number; skus: number }
export type Leaderboard = { versions: ModelVersion[]; rows: LeaderboardRow[]; members: ModelMember[] }
export type AccuracyPoint = { origin: Day; basis: string; figures: AccuracyFigures }
export type ModelAccuracy = {
  version: ModelVersion
  total: AccuracyFigures
  points: AccuracyPoint[] // by origin, oldest first
  horizons: { first_day: number; figures: AccuracyFigures }[]
}

/** One feature that models see, the last four weeks against the time before. */
export type DriftLine = {
  feature: string
  statistic: string
  value: number | null
  limit: number
  since: Day | null
  consequence: string
  sentence: string
}
export type Drift = { data_until: Day | null; items: DriftLine[] }

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

export const driftQuery = queryOptions({
  queryKey: ['models', 'drift'],
  queryFn: ({ signal }) => get<Drift>('/models/drift', { signal }),
})

export const promoteModel = (id: Uuid, stage: Exclude<ModelStage, 'candidate' | 'archived'>) =>
  post<ModelVersion>(`/models/versions/${id}/promote`, { stage })

/** Ends a trial, or gives production back to what served before. */
export const rollBackModel = (id: Uuid) => post<ModelVersion>(`/models/versions/${id}/rollback`, {})
