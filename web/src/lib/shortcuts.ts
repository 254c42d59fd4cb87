// Keyboard shortcuts: sequences of plain keys ("g o", "j", "?"). They never fire while somebody types, never take a
// key that a modifier or an open dialog claims, and can be switched off (WCAG 2.1.4).

export type Shortcut = { keys: string; title: string; group: string; run: () => void }

type Binding = { keys: string }

/** The next state after `key`: either a shortcut fires, or the keys so far may still become one, or nothing fits. */
export function advance<B extends Binding>(
  pending: string,
  key: string,
  bindings: readonly B[],
): { fired: B | null; pending: string } {
  for (const typed of pending === '' ? [key] : [`${pending} ${key}`, key]) {
    const fired = bindings.findLast((binding) => binding.keys === typed)
    if (fired) return { fired, pending: '' }
    if (bindings.some((binding) => binding.keys.startsWith(`${typed} `))) return { fired: null, pending: typed }
  }
  return { fired: null, pending: '' }
}

const SEQUENCE_MS = 1200
const STORAGE_KEY = 'shelfiq-shortcuts'

let registered: readonly Shortcut[] = []
const listeners = new Set<() => void>()

export const shortcuts = {
  list: () => registered,

  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },

  /** Adds shortcuts until the returned function is called. Later ones win over earlier ones with the same keys. */
  register(added: readonly Shortcut[]): () => void {
    registered = [...registered, ...added]
    for (const listener of listeners) listener()
    return () => {
      registered = registered.filter((shortcut) => !added.includes(shortcut))
      for (const listener of listeners) listener()
    }
  },

  areOn: () => localStorage.getItem(STORAGE_KEY) !== 'off',
  turn: (on: boolean) => localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off'),
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'))
  )
}

/** Starts listening on the document; call the result to stop. */
export function listenForShortcuts(): () => void {
  let pending = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
    if (!shortcuts.areOn() || document.querySelector('[role=dialog], [role=menu]') !== null) return
    const next = advance(pending, event.key, registered)
    clearTimeout(timer)
    pending = next.pending
    if (pending !== '') {
      timer = setTimeout(() => {
        pending = ''
      }, SEQUENCE_MS)
    }
    if (next.fired) {
      event.preventDefault()
      next.fired.run()
    }
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
