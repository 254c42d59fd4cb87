import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get } from '~/api/http'

export type SearchHit = {
  kind: 'product' | 'page' | 'recommendation'
  title: string
  subtitle: string | null
  link: string
}

export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => get<{ items: SearchHit[] }>('/search', { query: { q: text }, signal }),
    enabled: text.trim().length > 0,
    placeholderData: keepPreviousData,
  })
