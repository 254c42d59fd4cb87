import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask } from '~/api/http'
import type { MeasureAnswer, MeasureForecast, MeasureQuery } from '~/api/types'

/** Any measure over any slice; the first measure orders the rows. */
export const measureQuery = (question: MeasureQuery) =>
  queryOptions({
    queryKey: ['measures', question],
    queryFn: ({ signal }) => ask<MeasureAnswer>('/measures/query', question, { signal }),
    placeholderData: keepPreviousData,
  })

/** What a measure is expected to be on the coming days. */
export const measureForecastQuery = (measure: string, days: number) =>
  queryOptions({
    queryKey: ['measure-forecast', measure, days],
    queryFn: ({ signal }) =>
      ask<MeasureForecast>('/measures/forecast', { measure, by: 'day', periods: days }, { signal }),
  })
