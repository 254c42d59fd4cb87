import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type AnomalyKey, dismiss, withdrawAnswer } from '~/api/anomalies'
import { toastDone, toastFailed } from '~/ui/toast'

type Change = { key: AnomalyKey; isUsual: boolean }

const TOUCHED = [['anomalies'], ['alerts'], ['alert-counts'], ['overview'], ['product']]

/** "Not unusual", and back: the day is told no more, and what resembles it must be stranger to be told. */
export function useNotUnusual() {
  const queries = useQueryClient()
  const mutation = useMutation({
    mutationFn: async ({ key, isUsual }: Change) => {
      if (isUsual) await dismiss(key)
      else await withdrawAnswer(key)
    },
    onError: (error) => toastFailed('Your answer was not kept', error),
    onSuccess: (_, { key, isUsual }) => {
      if (isUsual) toastDone('It will not be told again.', () => mutation.mutate({ key, isUsual: false }))
    },
    onSettled: () => Promise.all(TOUCHED.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  return { say: (key: AnomalyKey, isUsual: boolean) => mutation.mutate({ key, isUsual }), isBusy: mutation.isPending }
}
