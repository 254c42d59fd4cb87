import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '~/api/problem'

/** A refused request will be refused again: only failures that may pass are tried once more. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => failures < 1 && mayPass(error),
      refetchOnWindowFocus: true,
    },
  },
})
