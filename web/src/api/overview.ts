import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '~/api/http'
import type { Compare, Overview } from '~/api/types'
import type { DayRange } from '~/lib/range'

/** Without a range the server answers for its own default: the last 28 days with data. */
export const overviewQuery = (range: DayRange | null, compare: Compare) =>
  queryOptions({
    queryKey: ['overview', range, compare],
    queryFn: ({ signal }) => get<Overview>('/overview', { query: { ...range, compare }, signal }),
    placeholderData: keepPreviousData,
  })
