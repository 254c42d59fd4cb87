import { Outlet, useMatches, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { NAV } from '~/app/shell/entries'
import { Nav } from '~/app/shell/nav'
import { TopBar } from '~/app/shell/top-bar'
import { useLive } from '~/app/shell/use-live'
import { listenForShortcuts } from '~/lib/shortcuts'
import { useMe } from '~/ui/use-me'
import { useShortcuts } from '~/ui/use-shortcuts'
import styles from './shell.module.css'

const Palette = lazy(() => import('./palette'))
const KeyboardSheet = lazy(() => import('./keyboard-sheet'))

type Overlay = 'palette' | 'keyboard' | null

/** Everything around a page: navigation, top bar, command palette, shortcuts, the live connection. */
export function Shell() {
  const [overlay, setOverlay] = useState<Overlay>(null)
  const navigate = useNavigate()
  const { merchant } = useMe()
  const live = useLive()
  useTitle(merchant.name)

  useEffect(listenForShortcuts, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOverlay('palette')
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  useShortcuts([
    { keys: '?', title: 'Show keyboard shortcuts', group: 'General', run: () => setOverlay('keyboard') },
    { keys: '/', title: 'Search', group: 'General', run: () => focusSearchOr(() => setOverlay('palette')) },
    ...NAV.map((entry) => ({
      keys: `g ${entry.key}`,
      title: `Go to ${entry.title}`,
      group: 'Go to',
      run: () => void navigate({ to: entry.to }),
    })),
  ])

  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      <Nav />
      <div className={styles.main}>
        <TopBar live={live} onSearch={() => setOverlay('palette')} onKeyboard={() => setOverlay('keyboard')} />
        <main id="content" tabIndex={-1} className={styles.content}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {overlay === 'palette' && <Palette onClose={() => setOverlay(null)} />}
        {overlay === 'keyboard' && <KeyboardSheet onClose={() => setOverlay(null)} />}
      </Suspense>
    </div>
  )
}

/** A page with its own search box takes `/`; elsewhere it opens the palette. */
function focusSearchOr(otherwise: () => void) {
  const box = document.querySelector<HTMLInputElement>('main [role=searchbox], main input[type=search]')
  if (box) box.focus()
  else otherwise()
}

function useTitle(merchant: string) {
  const title = useMatches({
    select: (matches) => matches.findLast((match) => match.staticData.title)?.staticData.title,
  })
  useEffect(() => {
    document.title = [title, merchant, 'ShelfIQ'].filter(Boolean).join(' · ')
  }, [title, merchant])
}
