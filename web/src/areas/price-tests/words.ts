// Price tests as merchants would say them.

import type { PriceTestPlan } from '~/api/price-tests'
import { formatMoney } from '~/lib/format'

/** "£11.99 and £13.49". */
export function pricesOf({ prices }: Pick<PriceTestPlan, 'prices'>): string {
  return new Intl.ListFormat(undefined, { type: 'conjunction' }).format(prices.map((price) => formatMoney(price)))
}

/** What a day of the schedule is for. */
export const ROLES: Readonly<Record<string, string>> = {
  counted: 'Counted',
  washout: 'Settling, not counted',
  frozen: 'Holiday, not counted',
}

/** Why days were left out. */
export const DROPPED: Readonly<Record<string, string>> = {
  washout: 'settling after a change',
  frozen: 'holidays',
  censored: 'out of stock',
  other_price: 'another price was asked',
  missing: 'no data',
}
