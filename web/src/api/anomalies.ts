import { queryOptions } from '@tanstack/react-query'
import { get, put, remove } from '~/api/http'
import { pathOf } from '~/api/products'
import type { Day, Instant } from '~/api/types'

/** One unusual value: of which Sku, in what (`units`, `weekly_units`, `price`), on which day. */
export type AnomalyKey = { sku: string; measure: string; day: Day }
export type AnomalyAnswer = AnomalyKey & {
  kind: string
  answer: string
  note: string | null
  author: string
  at: Instant
}
export type Anomaly = AnomalyKey & {
  days: number
  kind: string
  direction: string | null
  actual: number
  expected: { value: number; low: number; high: number } | null
  p_value: number
  sentence: string
  standing: string
  answer: AnomalyAnswer | null
  coincides_with: Coincidence[]
}
export type Coincidence = { kind: string; text: string; since: Day | null; share: number }
export type LevelShift = { since: Day; before: number; after: number }
export type DemandTrend = { since: Day; daily_units_per_week: number; p_value: number }
export type ProductAnomalies = { items: Anomaly[]; level_shifts: LevelShift[]; trend: DemandTrend | null }

/** What is unusual about a product over the last 90 days of data, newest first, and how its level moved. */
export const anomaliesQuery = (sku: string) =>
  queryOptions({
    queryKey: ['anomalies', sku],
    queryFn: ({ signal }) => get<ProductAnomalies>(`${pathOf(sku)}/anomalies`, { signal }),
  })

const answerPath = ({ sku, measure, day }: AnomalyKey) => `${pathOf(sku)}/anomalies/${measure}/${day}/answer`

export const dismiss = (key: AnomalyKey) => put<Anomaly>(answerPath(key), { answer: 'dismissed' })
export const withdrawAnswer = (key: AnomalyKey) => remove(answerPath(key))
