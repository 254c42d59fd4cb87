import { useEffect, useRef } from 'react'
import { type Shortcut, shortcuts } from '~/lib/shortcuts'

/** Keeps a page's shortcuts registered while it is on screen. The actions may change, the keys may not. */
export function useShortcuts(list: Shortcut[]) {
  const latest = useRef(list)
  latest.current = list
  useEffect(
    () =>
      shortcuts.register(
        latest.current.map((shortcut, index) => ({ ...shortcut, run: () => latest.current[index]?.run() })),
      ),
    [],
  )
}
