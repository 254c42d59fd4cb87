// The live connection: numbered messages over one WebSocket. After a break it reconnects and asks for everything after
// the last number it saw. A message never carries the truth, it only says which queries have grown old.

import type { QueryClient } from '@tanstack/react-query'
import { API, session } from '~/api/session'
import type { Import } from '~/api/types'

export type LiveState = 'connecting' | 'live' | 'offline'

type Message =
  // The greeting: `reload` when more was missed than the server still keeps.
  | { seq?: number; type: 'welcome'; data: { reload: boolean } }
  | { type: 'refused'; seq?: number; data: unknown }
  | { seq: number; type: 'import.progress'; data: { id: string; progress: number; stage: string | null } }
  | { seq: number; type: LiveType; data: unknown }

type LiveType =
  | 'job.progress'
  | 'job.finished'
  | 'import.finished'
  | 'alerts.changed'
  | 'recommendations.changed'
  | 'data.changed'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 20_000

/** What each message makes old. `data.changed` makes every number old. */
const STALE: Record<Exclude<LiveType, 'data.changed'>, string[]> = {
  'job.progress': ['jobs'],
  'job.finished': [
    'jobs',
    'overview',
    'product',
    'products',
    'recommendations',
    'recommendation-count',
    'alerts',
    'alert-counts',
  ],
  'import.finished': ['imports', 'overview', 'product', 'products'],
  'alerts.changed': ['alerts', 'alert-counts', 'overview'],
  'recommendations.changed': ['recommendations', 'recommendation-count', 'overview'],
}

export type LiveConnection = {
  state(): LiveState
  subscribe(listener: () => void): () => void
  close(): void
}

/** Opens the connection and keeps it open until `close`. */
export function connectLive(queries: QueryClient): LiveConnection {
  let state: LiveState = 'connecting'
  let lastSeq: number | null = null
  let retryMs = FIRST_RETRY_MS
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false
  const listeners = new Set<() => void>()

  const set = (next: LiveState) => {
    state = next
    for (const listener of listeners) listener()
  }

  const open = () => {
    const known = session.get()
    if (closed || known.kind !== 'signed_in') return
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const after = lastSeq === null ? '' : `?after=${lastSeq}`
    socket = new WebSocket(`${scheme}://${location.host}${API}/live${after}`)
    socket.addEventListener('open', () => {
      socket?.send(JSON.stringify({ token: known.token }))
    })
    socket.addEventListener('message', (event) => {
      const message = parse(event.data)
      if (message === null) return
      if (message.type === 'refused') return
      // Only a message proves that the token was taken: a refused socket opens and closes as well.
      if (state !== 'live') set('live')
      retryMs = FIRST_RETRY_MS
      lastSeq = Math.max(lastSeq ?? 0, message.seq ?? 0)
      apply(message, queries)
    })
    socket.addEventListener('close', () => {
      if (closed) return
      set('offline')
      timer = setTimeout(() => void renewAndOpen(), retryMs)
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    })
  }

  // The token may have run out while the socket was open; a lapsed one is renewed before the next try.
  const renewAndOpen = async () => {
    if (retryMs > FIRST_RETRY_MS * 4) await session.refresh().catch(() => null)
    open()
  }

  open()
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close() {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

function parse(text: unknown): Message | null {
  if (typeof text !== 'string') return null
  const value: Message = JSON.parse(text)
  return typeof value.type === 'string' ? value : null
}

function isProgress(message: Message): message is Extract<Message, { type: 'import.progress' }> {
  return message.type === 'import.progress'
}

function isWelcome(message: Message): message is Extract<Message, { type: 'welcome' }> {
  return message.type === 'welcome'
}

function apply(message: Message, queries: QueryClient) {
  if (isProgress(message)) {
    const { id, progress, stage } = message.data
    queries.setQueryData<Import>(['imports', id], (known) => known && { ...known, progress, stage })
    return
  }
  if (message.type === 'data.changed' || (isWelcome(message) && message.data.reload)) {
    void queries.invalidateQueries()
    return
  }
  if (message.type === 'welcome' || message.type === 'refused') return
  for (const key of STALE[message.type] ?? []) void queries.invalidateQueries({ queryKey: [key] })
}
