import {
  type Icon,
  IconBell,
  IconBulb,
  IconFileImport,
  IconLayoutDashboard,
  IconPackage,
  IconSettings,
} from '@tabler/icons-react'

/** One entry of the navigation; `g` then `key` goes there. `short` is for the bottom bar of narrow screens. */
export type NavEntry = {
  to: '/' | '/products' | '/recommendations' | '/alerts' | '/imports' | '/settings'
  title: string
  short?: string
  icon: Icon
  key: string
}

/** Areas in the order of the navigation. An area joins when its pages exist. */
export const NAV: readonly NavEntry[] = [
  { to: '/', title: 'Overview', icon: IconLayoutDashboard, key: 'o' },
  { to: '/products', title: 'Products', icon: IconPackage, key: 'p' },
  { to: '/recommendations', title: 'Recommendations', short: 'Advice', icon: IconBulb, key: 'r' },
  { to: '/alerts', title: 'Alerts', icon: IconBell, key: 'a' },
  { to: '/imports', title: 'Imports', icon: IconFileImport, key: 'i' },
  { to: '/settings', title: 'Settings', icon: IconSettings, key: 's' },
]
