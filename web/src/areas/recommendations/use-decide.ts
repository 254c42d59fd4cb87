import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { type Decision, decide, decideMany } from '~/api/recommendations'
import type { Overview, Page, ProductDetail, Recommendation, Uuid } from '~/api/types'
import { plural } from '~/lib/format'
import { toastDone, toastFailed } from '~/ui/toast'

type Change = { ids: Uuid[]; decision: Decision }

const STATES: Record<Decision['action'], Recommendation['state']> = {
  accept: 'accepted',
  dismiss: 'dismissed',
  snooze: 'snoozed',
  undo: 'open',
}

/** Where recommendations are kept: each list is patched at once and put right again by the server's answer. */
const TOUCHED = [['recommendations'], ['recommendation-count'], ['overview'], ['product']]

/** Accept, dismiss, snooze or undo: shown at once, put back if refused, reversible from the toast. */
export function useDecide() {
  const queries = useQueryClient()
  const mutation = useMutation({
    mutationFn: async ({ ids, decision }: Change) => {
      const [only] = ids
      if (ids.length === 1 && only !== undefined) {
        await decide(only, decision)
        return { done: ids, failed: [] }
      }
      return decideMany(ids, decision)
    },
    onMutate: async ({ ids, decision }) => {
      await Promise.all(TOUCHED.map((queryKey) => queries.cancelQueries({ queryKey })))
      const before = TOUCHED.flatMap((queryKey) => queries.getQueriesData({ queryKey }))
      show(queries, new Set(ids), STATES[decision.action])
      return before
    },
    onError: (error, _change, before) => {
      for (const [key, known] of before ?? []) queries.setQueryData(key, known)
      toastFailed('The decision was not saved', error)
    },
    onSuccess: ({ done, failed }, { decision }) => {
      if (failed.length > 0) {
        toastFailed(`${plural(failed.length, 'decision')} failed`, new Error(failed[0]?.detail ?? ''))
      }
      if (decision.action === 'undo') return
      const what = done.length === 1 ? 'Recommendation' : plural(done.length, 'recommendation')
      toastDone(`${what} ${STATES[decision.action]}.`, () =>
        mutation.mutate({ ids: done, decision: { action: 'undo' } }),
      )
    },
    onSettled: () => Promise.all(TOUCHED.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  return (ids: Uuid[], decision: Decision) => mutation.mutate({ ids, decision })
}

function show(queries: QueryClient, ids: Set<Uuid>, state: Recommendation['state']) {
  const patch = (list: Recommendation[]) => list.map((each) => (ids.has(each.id) ? { ...each, state } : each))
  queries.setQueriesData<InfiniteData<Page<Recommendation>>>(
    { queryKey: ['recommendations'] },
    (known) => known && { ...known, pages: known.pages.map((page) => ({ ...page, items: patch(page.items) })) },
  )
  queries.setQueriesData<Overview>(
    { queryKey: ['overview'] },
    (known) => known && { ...known, opportunities: patch(known.opportunities) },
  )
  queries.setQueriesData<ProductDetail>(
    { queryKey: ['product'] },
    (known) => known && { ...known, recommendations: patch(known.recommendations) },
  )
}
