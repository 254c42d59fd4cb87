import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { type Handling, handle, handleMany } from '~/api/alerts'
import type { Alert, Overview, Page, Uuid } from '~/api/types'
import { plural } from '~/lib/format'
import { toastDone, toastFailed } from '~/ui/toast'

type Change = { ids: Uuid[]; handling: Handling }

const STATES: Record<Handling['action'], Alert['state']> = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  snooze: 'snoozed',
  undo: 'firing',
}

const TOUCHED = [['alerts'], ['alert-counts'], ['overview'], ['product']]

/** Acknowledge, resolve, snooze or undo: shown at once, put back if refused, reversible from the toast. */
export function useHandle() {
  const queries = useQueryClient()
  const mutation = useMutation({
    mutationFn: async ({ ids, handling }: Change) => {
      const [only] = ids
      if (ids.length === 1 && only !== undefined) {
        await handle(only, handling)
        return { done: ids, failed: [] }
      }
      return handleMany(ids, handling)
    },
    onMutate: async ({ ids, handling }) => {
      await Promise.all(TOUCHED.map((queryKey) => queries.cancelQueries({ queryKey })))
      const before = TOUCHED.flatMap((queryKey) => queries.getQueriesData({ queryKey }))
      show(queries, new Set(ids), STATES[handling.action])
      return before
    },
    onError: (error, _change, before) => {
      for (const [key, known] of before ?? []) queries.setQueryData(key, known)
      toastFailed('The alert was not changed', error)
    },
    onSuccess: ({ done, failed }, { handling }) => {
      if (failed.length > 0)
        toastFailed(`${plural(failed.length, 'alert')} not changed`, new Error(failed[0]?.detail ?? ''))
      if (handling.action === 'undo') return
      const what = done.length === 1 ? 'Alert' : plural(done.length, 'alert')
      toastDone(`${what} ${STATES[handling.action]}.`, () =>
        mutation.mutate({ ids: done, handling: { action: 'undo' } }),
      )
    },
    onSettled: () => Promise.all(TOUCHED.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  return (ids: Uuid[], handling: Handling) => mutation.mutate({ ids, handling })
}

function show(queries: QueryClient, ids: Set<Uuid>, state: Alert['state']) {
  const patch = (list: Alert[]) => list.map((each) => (ids.has(each.id) ? { ...each, state } : each))
  queries.setQueriesData<InfiniteData<Page<Alert>>>(
    { queryKey: ['alerts'] },
    (known) => known && { ...known, pages: known.pages.map((page) => ({ ...page, items: patch(page.items) })) },
  )
  queries.setQueriesData<Overview>(
    { queryKey: ['overview'] },
    (known) => known && { ...known, alerts: patch(known.alerts) },
  )
}
