import { useSyncExternalStore } from 'react'
import { session, signedIn } from '~/api/session'
import type { Me } from '~/api/types'

/** The member signed in, their merchant and role. Only for screens behind the sign-in. */
export function useMe(): Me {
  return useSyncExternalStore(session.subscribe, lastKnown)
}

let last: Me | null = null

/** While the page of a member who just signed out is torn down, it still sees who they were. */
function lastKnown(): Me {
  const known = session.get()
  last = known.kind === 'signed_in' ? known.me : last
  return last ?? signedIn().me
}
