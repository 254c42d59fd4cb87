import { type Icon, IconClockPause, IconFlask, IconPackageImport, IconTag } from '@tabler/icons-react'
import type { Recommendation } from '~/api/types'

export const KINDS: Record<Recommendation['kind'], { title: string; icon: Icon }> = {
  reprice: { title: 'Reprice', icon: IconTag },
  restock: { title: 'Restock', icon: IconPackageImport },
  slow_mover: { title: 'Slow mover', icon: IconClockPause },
  price_test: { title: 'Price test', icon: IconFlask },
}

export const STATES: Record<Recommendation['state'], string> = {
  open: 'Open',
  accepted: 'Accepted',
  snoozed: 'Snoozed',
  dismissed: 'Dismissed',
  done: 'Done',
  expired: 'Expired',
}

/** Short reasons teach the ranking more than free text, and take one click. */
export const DISMISS_REASONS = [
  'The price is set on purpose',
  'The data behind it is wrong',
  'I do not trust the estimate',
  'The product is being discontinued',
] as const
