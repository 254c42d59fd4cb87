import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import type { Page, PriceTest, PriceTestDetail, PriceTestProposal, Uuid } from '~/api/types'

/** Tests that would settle what the data cannot tell, the most worthwhile first. */
export const proposalsQuery = queryOptions({
  queryKey: ['price-tests', 'proposals'],
  queryFn: ({ signal }) => get<{ items: PriceTestProposal[] }>('/price-tests/proposals', { signal }),
})

export const priceTestsQuery = queryOptions({
  queryKey: ['price-tests', 'list'],
  queryFn: ({ signal }) => get<Page<PriceTest>>('/price-tests', { query: { limit: 100 }, signal }),
})

export const priceTestQuery = (id: Uuid) =>
  queryOptions({
    queryKey: ['price-tests', 'one', id],
    queryFn: ({ signal }) => get<PriceTestDetail>(`/price-tests/${id}`, { signal }),
    placeholderData: keepPreviousData,
  })

export const startPriceTest = (sku: string) => post<PriceTestDetail>('/price-tests', { sku })
export const stopPriceTest = (id: Uuid) => post<PriceTestDetail>(`/price-tests/${id}/stop`, {})
