import { queryOptions } from '@tanstack/react-query'
import { get, post } from '~/api/http'
import { session } from '~/api/session'
import type { Session, SetupRequest, SetupState, Uuid } from '~/api/types'

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => get<SetupState>('/setup', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

export async function signIn(email: string, password: string) {
  session.begin(await post<Session>('/auth/sign-in', { email, password }))
}

export async function setUp(request: SetupRequest) {
  session.begin(await post<Session>('/setup', request))
}

export async function switchMerchant(merchant: Uuid) {
  session.begin(await post<Session>('/auth/switch', { merchant }))
}

/** Ends the session here even when the server cannot be told. */
export async function signOut() {
  await post<null>('/auth/sign-out').catch(() => null)
  session.end()
}
