import { UnstyledButton } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { alertCountsQuery } from '~/api/alerts'
import { openRecommendationsQuery } from '~/api/recommendations'
import { NAV, type NavEntry } from '~/app/shell/entries'
import { formatCompact, plural } from '~/lib/format'
import { Logo } from '~/ui/logo'
import styles from './nav.module.css'

const STORAGE_KEY = 'shelfiq-nav'

/** A column on wide screens, a bar at the bottom of narrow ones. */
export function Nav() {
  const [isCollapsed, setCollapsed] = useState(() => localStorage.getItem(STORAGE_KEY) === 'collapsed')
  const alerts = useQuery(alertCountsQuery)
  const recommendations = useQuery(openRecommendationsQuery)
  const counts: Partial<Record<NavEntry['to'], number | undefined>> = {
    '/alerts': alerts.data?.open,
    '/recommendations': recommendations.data,
  }
  const toggle = () => {
    localStorage.setItem(STORAGE_KEY, isCollapsed ? 'open' : 'collapsed')
    setCollapsed(!isCollapsed)
  }
  const Toggle = isCollapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  return (
    <nav aria-label="Main" className={styles.nav} data-collapsed={isCollapsed || undefined}>
      <Link to="/" className={styles.brand} aria-label="ShelfIQ overview">
        <Logo />
        <span className={styles.wordmark}>ShelfIQ</span>
      </Link>
      <ul className={styles.list}>
        {NAV.map((entry) => (
          <Entry key={entry.to} entry={entry} count={counts[entry.to] ?? 0} isCollapsed={isCollapsed} />
        ))}
      </ul>
      <UnstyledButton className={styles.collapse} onClick={toggle} aria-expanded={!isCollapsed}>
        <Toggle size={18} stroke={1.6} aria-hidden />
        <span className={styles.label}>{isCollapsed ? 'Expand' : 'Collapse'}</span>
      </UnstyledButton>
    </nav>
  )
}

type EntryProps = { entry: NavEntry; count: number; isCollapsed: boolean }

function Entry({ entry, count, isCollapsed }: EntryProps) {
  const { icon: Glyph, title, short } = entry
  return (
    <li className={entry.isAside ? styles.aside : undefined}>
      <Link
        to={entry.to}
        activeOptions={{ exact: entry.to === '/', includeSearch: false }}
        className={styles.entry}
        title={isCollapsed ? title : undefined}
      >
        <Glyph size={18} stroke={1.6} aria-hidden className={styles.glyph} />
        <span className={styles.label}>
          <span className={styles.long}>{title}</span>
          <span className={styles.short} aria-hidden>
            {short ?? title}
          </span>
        </span>
        {count > 0 && (
          <span className={styles.count}>
            <span aria-hidden>{formatCompact(count)}</span>
            <span className="visually-hidden">, {plural(count, 'open', 'open')}</span>
          </span>
        )}
      </Link>
    </li>
  )
}
