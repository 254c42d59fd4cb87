// Short messages at the bottom of the screen: what was done, with the way back, or what failed.

import { ApiError, sentenceOf } from '~/api/problem'

export type Toast = {
  id: number
  tone: 'done' | 'failed'
  title: string | null
  text: string
  undo: (() => void) | null
}

const SHOWN_MAX = 3
let nextId = 1
let shown: readonly Toast[] = []
const listeners = new Set<() => void>()

function set(next: readonly Toast[]) {
  shown = next
  for (const listener of listeners) listener()
}

export const toasts = {
  list: () => shown,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
  close: (id: number) => set(shown.filter((toast) => toast.id !== id)),
}

function show(toast: Omit<Toast, 'id'>) {
  set([...shown, { ...toast, id: nextId }].slice(-SHOWN_MAX))
  nextId += 1
}

/** Done, with the way back. */
export function toastDone(text: string, undo?: () => void) {
  show({ tone: 'done', title: null, text, undo: undo ?? null })
}

/** It failed; what was on screen has been put back. */
export function toastFailed(title: string, error: unknown) {
  const request = error instanceof ApiError && error.requestId ? ` Request ${error.requestId}` : ''
  show({ tone: 'failed', title, text: `${sentenceOf(error)}${request}`, undo: null })
}
