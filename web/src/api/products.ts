import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask, get, patch, post, remove } from '~/api/http'
import type { ProductDetail, ProductPage, SavedView, SkuSettings, SkuSettingsChange, WhatIf } from '~/api/types'

export type ProductFilter = {
  search?: string | undefined
  category?: string | undefined
  status?: string | undefined
  sort?: string | undefined
}

const PAGE_ROWS = 200

/** Pages of 200 rows in the order asked for; the server filters and sorts. */
export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    queryFn: ({ signal, pageParam }) =>
      get<ProductPage>('/products', {
        query: { ...filter, limit: PAGE_ROWS, after: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

export const pathOf = (sku: string) => `/products/${encodeURIComponent(sku)}`

export const productQuery = (sku: string) =>
  queryOptions({
    queryKey: ['product', sku],
    queryFn: ({ signal }) => get<ProductDetail>(pathOf(sku), { signal }),
  })

/** What would happen at another price, over the next 28 days. `price` is a decimal in the shop's currency. */
export const whatIfQuery = (sku: string, price: string) =>
  queryOptions({
    queryKey: ['what-if', sku, price],
    queryFn: ({ signal }) => ask<WhatIf>(`${pathOf(sku)}/what-if`, { price }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  })

export const saveSkuSettings = (sku: string, settings: SkuSettingsChange) =>
  patch<SkuSettings>(`${pathOf(sku)}/settings`, settings)

export const viewsQuery = (area: string) =>
  queryOptions({
    queryKey: ['views', area],
    queryFn: ({ signal }) => get<{ items: SavedView[] }>('/views', { query: { area }, signal }),
    staleTime: 5 * 60_000,
  })

export const saveView = (area: string, name: string, query: string) => post<SavedView>('/views', { area, name, query })
export const deleteView = (id: string) => remove(`/views/${id}`)
