import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask } from '~/api/http'
import type { MeasureAnswer, MeasureQuery } from '~/api/types'

/** Any measure over any slice; the first measure orders the rows. */
export const measureQuery = (question: MeasureQuery) =>
  queryOptions({
    queryKey: ['measures', question],
    queryFn: ({ signal }) => ask<MeasureAnswer>('/measures/query', question, { signal }),
    placeholderData: keepPreviousData,
  })
