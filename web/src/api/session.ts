// Who is signed in. The access token lives in this module's memory alone; the refresh cookie is HttpOnly, so a reload
// asks the server for a new session. Tabs tell each other when somebody signs out.

import { ApiError, problemOf, UNREACHABLE } from '~/api/problem'
import type { Me, Session } from '~/api/types'

export const API = '/api/v1'

export type SessionState = { kind: 'unknown' } | { kind: 'signed_out' } | { kind: 'signed_in'; token: string; me: Me }

let state: SessionState = { kind: 'unknown' }
let refreshing: Promise<SessionState> | null = null
const listeners = new Set<() => void>()
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('shelfiq-session')

tabs?.addEventListener('message', () => {
  set({ kind: 'signed_out' })
})

function set(next: SessionState) {
  state = next
  for (const listener of listeners) listener()
}

export const session = {
  get: (): SessionState => state,

  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },

  begin({ access_token, me }: Session) {
    set({ kind: 'signed_in', token: access_token, me })
  },

  /** Forgets the member here and in the other tabs. */
  end() {
    set({ kind: 'signed_out' })
    tabs?.postMessage('signed_out')
  },

  /** The known session, or the one the refresh cookie still gives. */
  ensure(): Promise<SessionState> {
    return state.kind === 'unknown' ? this.refresh() : Promise.resolve(state)
  },

  /** Asks once, however many callers wait: the refresh token rotates and would be refused the second time. */
  refresh(): Promise<SessionState> {
    refreshing ??= askRefresh().finally(() => {
      refreshing = null
    })
    return refreshing
  },
}

async function askRefresh(): Promise<SessionState> {
  const response = await fetch(`${API}/auth/refresh`, { method: 'POST', credentials: 'same-origin' }).catch(() => null)
  if (response === null) throw UNREACHABLE
  if (response.ok) {
    const next: Session = await response.json()
    session.begin(next)
  } else if (response.status >= 500) {
    throw await problemOf(response)
  } else {
    set({ kind: 'signed_out' })
  }
  return state
}

/** The member signed in. Only for screens behind the sign-in. */
export function signedIn(): Extract<SessionState, { kind: 'signed_in' }> {
  if (state.kind !== 'signed_in') throw new ApiError({ status: 401, title: 'You are signed out' })
  return state
}
