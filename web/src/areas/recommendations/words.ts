// Recommendations in the reader's words: built from the action where its kind is known, else the server's own sentence.

import type { Recommendation } from '~/api/types'
import { formatDay, isDay } from '~/lib/days'
import { formatCount, formatMoney, plural } from '~/lib/format'
import { compareMoney, type Money } from '~/lib/money'
import { prose } from '~/lib/prose'

function moneyAt(action: Recommendation['action'], name: string): Money | null {
  const value = action[name]
  if (typeof value !== 'object' || value === null || !('amount' in value) || !('currency' in value)) return null
  const { amount, currency } = value
  return typeof amount === 'string' && typeof currency === 'string' ? { amount, currency } : null
}

/** The price it advises; null for what is not about a price. */
export function advisedPrice({ action }: Pick<Recommendation, 'action'>): Money | null {
  return moneyAt(action, 'to') ?? moneyAt(action, 'price')
}

/** "Raise the price to £20.90", "Order 314 units by 21 Nov 2026". */
export function titleOf(recommendation: Pick<Recommendation, 'action' | 'title'>): string {
  return fromAction(recommendation) ?? prose(recommendation.title)
}

/** What the accepting button says. */
export function actionOf(recommendation: Pick<Recommendation, 'action'>): string {
  return fromAction(recommendation) ?? prose(recommendation.action.label)
}

function fromAction({ action }: Pick<Recommendation, 'action'>): string | null {
  const from = moneyAt(action, 'from')
  const to = moneyAt(action, 'to')
  switch (action.type) {
    case 'set_price':
      if (!from || !to) return null
      return `${compareMoney(to, from) > 0 ? 'Raise' : 'Lower'} the price to ${formatMoney(to)}`
    case 'markdown':
      return to && `Mark down to ${formatMoney(to)}`
    case 'test_price': {
      const days = typeof action.days === 'number' ? ` for ${plural(action.days, 'day')}` : ''
      return to && `Try ${formatMoney(to)}${days}`
    }
    case 'order': {
      const { quantity, order_by: by } = action
      if (typeof quantity !== 'number') return null
      const until = typeof by === 'string' && isDay(by) ? ` by ${formatDay(by)}` : ''
      return `Order ${formatCount(quantity)} ${quantity === 1 ? 'unit' : 'units'}${until}`
    }
    default:
      return null
  }
}

const RAILS: Record<string, string> = {
  max_change: 'Largest step',
  max_change_per_day: 'Step in one day',
  margin_floor: 'Margin floor',
  min_margin: 'Margin floor',
  min_price: 'Lowest price',
  min_advertised_price: 'Lowest advertised price',
  announced_reduction: 'Announcing it',
  max_price: 'Highest price',
  rival_band: 'Distance to rivals',
  observed_prices: 'Prices tried before',
  observed_support: 'Prices tried before',
  price_ending: 'Price ending',
  max_markdown: 'Largest markdown',
  max_cover: 'Longest cover',
  min_order: 'Smallest order',
  pack_size: 'Pack size',
  order_budget: 'Order budget',
}

/** "margin_floor" → "Margin floor". */
export function railName(name: string): string {
  const words = name.replaceAll('_', ' ')
  return RAILS[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
