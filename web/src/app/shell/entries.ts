import {
  type Icon,
  IconBell,
  IconBulb,
  IconChartHistogram,
  IconFileImport,
  IconFlask,
  IconLayoutDashboard,
  IconPackage,
  IconReceipt2,
  IconScale,
  IconSettings,
  IconTrendingUp,
} from '@tabler/icons-react'

/**
 * One entry of the navigation; `g` then `key` goes there. `short` is for the bottom bar of narrow screens, which leaves
 * out what `isAside`: those pages are in the account's menu as well.
 */
export type NavEntry = {
  to:
    | '/'
    | '/products'
    | '/recommendations'
    | '/alerts'
    | '/ledger'
    | '/imports'
    | '/demand'
    | '/price-plan'
    | '/price-tests'
    | '/models'
    | '/settings'
  title: string
  short?: string
  icon: Icon
  key: string
  isAside?: boolean
}

/** Areas in the order of the navigation. An area joins when its pages exist. */
export const NAV: readonly NavEntry[] = [
  { to: '/', title: 'Overview', icon: IconLayoutDashboard, key: 'o' },
  { to: '/products', title: 'Products', icon: IconPackage, key: 'p' },
  { to: '/recommendations', title: 'Recommendations', short: 'Advice', icon: IconBulb, key: 'r' },
  { to: '/alerts', title: 'Alerts', icon: IconBell, key: 'a' },
  { to: '/ledger', title: 'Ledger', icon: IconReceipt2, key: 'l' },
  { to: '/imports', title: 'Imports', icon: IconFileImport, key: 'i' },
  { to: '/demand', title: 'Demand', icon: IconTrendingUp, key: 'd', isAside: true },
  { to: '/price-plan', title: 'Price plan', icon: IconScale, key: 'b', isAside: true },
  { to: '/price-tests', title: 'Price tests', icon: IconFlask, key: 't', isAside: true },
  { to: '/models', title: 'Models', icon: IconChartHistogram, key: 'm', isAside: true },
  { to: '/settings', title: 'Settings', icon: IconSettings, key: 's', isAside: true },
]
