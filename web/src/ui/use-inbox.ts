import { useEffect, useState } from 'react'
import type { Shortcut } from '~/lib/shortcuts'

export type InboxState<Row extends { id: string }> = {
  rows: readonly Row[]
  /** The one whose details are shown. */
  active: Row | null
  /** Opened on purpose: on a narrow screen the details then cover the list. */
  isOpen: boolean
  selected: ReadonlySet<string>
  open(id: string): void
  close(): void
  toggle(id: string): void
  toggleAll(): void
  clear(): void
  /** Moves on to the first row that is not among these, before they leave the list. */
  stepPast(ids: readonly string[]): void
  shortcuts(group: string): Shortcut[]
}

/** The open row (kept in the address), the selection, and the keys j, k and x. */
export function useInbox<Row extends { id: string }>(
  rows: readonly Row[],
  openId: string | undefined,
  onOpen: (id: string) => void,
): InboxState<Row> {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const index = rows.findIndex((row) => row.id === openId)
  const active = rows[index] ?? rows[0] ?? null
  // What left the list is no longer selected.
  const selected = new Set([...chosen].filter((id) => rows.some((row) => row.id === id)))
  const activeId = active?.id
  useEffect(() => {
    if (activeId !== undefined) document.querySelector(`[data-row="${activeId}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])

  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const move = (step: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, Math.max(0, index) + step))]
    if (next) onOpen(next.id)
  }
  return {
    rows,
    active,
    isOpen: index >= 0,
    selected,
    open: onOpen,
    close: () => onOpen(''),
    toggle,
    toggleAll: () => setChosen(new Set(selected.size === rows.length ? [] : rows.map((row) => row.id))),
    clear: () => setChosen(new Set()),
    stepPast: (ids) => {
      if (index < 0 || !ids.includes(rows[index]?.id ?? '')) return
      const after = rows.slice(index + 1).find((row) => !ids.includes(row.id))
      onOpen(after?.id ?? '')
    },
    shortcuts: (group) => [
      { keys: 'j', title: 'Next', group, run: () => move(1) },
      { keys: 'k', title: 'Previous', group, run: () => move(-1) },
      { keys: 'x', title: 'Select', group, run: () => active && toggle(active.id) },
    ],
  }
}
