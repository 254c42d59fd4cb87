import { queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Job, Page } from '~/api/types'

export function isAtWork(job: Job): boolean {
  return job.status === 'queued' || job.status === 'running'
}

// News also arrive over the live connection; the slow poll covers a connection that is down.
const POLL_MS = 2000

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => get<Page<Job>>('/jobs', { query: { limit: 20 }, signal }),
  refetchInterval: (query) => (query.state.data?.items.some(isAtWork) ? POLL_MS : false),
})

/** The whole daily run: forecasts, elasticities, anomalies, recommendations, alerts. */
export const startDailyRun = () => post<Job>('/jobs', { kind: 'daily' })
