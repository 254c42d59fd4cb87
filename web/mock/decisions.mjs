// Recommendations and alerts of the made-up shop.

import { day, instant, money, uuid } from './shop.mjs'

const REPRICE_REASON =
  'Demand falls slowly between 12.00 and 16.00 GBP in your own price history, and two of three rivals charge more; held by the largest change allowed in a day'

export function makeRecommendations(products) {
  return products.slice(0, 34).map((product, index) => {
    const kind = ['reprice', 'restock', 'reprice', 'slow_mover'][index % 4]
    const impact = 640 / (1 + index * 0.42)
    const price = Number(product.price.amount)
    const next = kind === 'slow_mover' ? price * 0.85 : price * (index % 3 === 0 ? 0.94 : 1.06)
    const quantity = Math.max(12, Math.round(product.rate * 45))
    const words = {
      reprice: `Change the price from ${price.toFixed(2)} to ${next.toFixed(2)} GBP`,
      restock: `Order ${quantity} by ${day(6 + (index % 5))}`,
      slow_mover: `Mark down from ${price.toFixed(2)} to ${next.toFixed(2)} GBP`,
    }[kind]
    const action = {
      reprice: { type: 'set_price', from: product.price, to: money(next) },
      restock: { type: 'order', quantity, order_by: day(6 + (index % 5)) },
      slow_mover: { type: 'markdown', from: product.price, to: money(next) },
    }[kind]
    return {
      id: uuid(5000 + index),
      kind,
      sku: product.sku,
      title: words,
      product_title: product.title,
      state: 'open',
      sentence: {
        reprice: `+${impact.toFixed(2)} GBP expected over 28 days, against keeping the present price`,
        restock: `+${impact.toFixed(2)} GBP expected over 28 days, against ordering at the next review`,
        slow_mover: `+${impact.toFixed(2)} GBP expected over 28 days, against keeping the present price`,
      }[kind],
      reason:
        kind === 'reprice'
          ? REPRICE_REASON
          : kind === 'restock'
            ? `${3 + (index % 40)} left; 31–71 will sell in the 14 days until an order arrives. Order ${quantity} to be in stock with 95 % certainty`
            : `No sale in ${40 + index} days, ${(impact * 1.3).toFixed(2)} GBP of cost tied up`,
      action: { ...action, label: words },
      impact: money(impact),
      impact_low80: money(impact * (index % 5 === 2 ? -0.15 : 0.32)),
      impact_high80: money(impact * 1.71),
      horizon_days: 28,
      confidence: 0.9 - (index % 7) * 0.06,
      urgency: kind === 'restock' ? 0.9 : 0.4,
      priority: money(impact * (0.9 - (index % 7) * 0.06)),
      evidence: [
        { label: 'Current price', value: price.toFixed(2), unit: 'GBP', link: null },
        { label: 'Elasticity', value: '-1.42 ± 0.23', unit: null, link: `/products/${product.sku}` },
        { label: 'Different prices tried', value: '5', unit: 'prices', link: null },
        { label: 'Observed days', value: '412', unit: 'days', link: null },
        { label: 'Cheapest rival', value: (price * 1.08).toFixed(2), unit: 'GBP', link: null },
        { label: 'Price model', value: 'pooled log-log elasticity', unit: null, link: null },
      ],
      guard_rails: [
        { name: 'margin_floor', passed: true, text: 'margin 41.0 %, at least 20.0 %' },
        { name: 'max_change_per_day', passed: true, text: 'change 6.0 %, at most 10.0 % either way' },
        {
          name: 'observed_prices',
          passed: index % 6 !== 0,
          text:
            index % 6 === 0
              ? '16.20, tried before between 12.00 and 15.49'
              : '14.20, tried before between 12.00 and 15.49',
        },
        { name: 'price_ending', passed: true, text: 'ends in .99 like the rest of the shop' },
      ],
      created_at: instant(-1, 5),
      updated_at: instant(0, 5),
      expires_at: instant(13, 5),
      snoozed_until: null,
      decided_at: null,
      decided_by: null,
      decision_reason: null,
      version: 1,
    }
  })
}

const ALERT_KINDS = [
  [
    'stock_out_risk',
    'critical',
    'Runs out in 3 days',
    'At the present rate the last unit sells on 23 Nov; a delivery takes 14 days.',
    'Demand is 38 % above forecast since the newsletter on 16 Nov.',
  ],
  [
    'demand_drop',
    'warning',
    'Sales fell by 61 %',
    '9 units in the last 7 days where 19–31 were expected.',
    'the price rose from 11.99 to 13.99 GBP on 2026-11-12; the cheapest rival did not follow',
  ],
  [
    'margin_loss',
    'critical',
    'Sells at a loss',
    'Sells at 6.49 GBP and costs 7.20 GBP: each unit loses 0.71 GBP',
    'A promotion of 30 % was not ended.',
  ],
  ['demand_spike', 'info', 'Sales doubled', '44 units in the last 7 days where 14–26 were expected.', null],
  ['rival_undercut', 'warning', 'Rival is cheaper', 'Northshore sells at 10.49 GBP, 12.5 % below our 11.99 GBP', null],
]

export function makeAlerts(products) {
  return products.slice(3, 29).map((product, index) => {
    const [kind, severity, title, sentence, cause] = ALERT_KINDS[index % ALERT_KINDS.length]
    return {
      id: uuid(9000 + index),
      kind,
      severity,
      state: 'firing',
      sku: product.sku,
      product_title: product.title,
      title,
      sentence,
      cause,
      action: { label: 'Open the product', link: `/products/${product.sku}` },
      money_at_stake: index % 5 === 3 ? null : money(420 / (1 + index * 0.3)),
      opened_at: instant(-Math.floor(index / 3), 6 + (index % 9)),
      since: instant(-Math.floor(index / 3) - 2, 0),
      resolved_at: null,
      snoozed_until: null,
      evidence: [
        { label: 'Observed, 7 days', value: '9', unit: 'units', link: null },
        { label: 'Expected, 80 %', value: '19–31', unit: 'units', link: null },
        { label: 'Days outside the band', value: '5', unit: 'days', link: null },
      ],
      anomaly: kind.startsWith('demand_') ? { sku: product.sku, measure: 'units', day: day(-3) } : null,
      coincides_with: kind.startsWith('demand_') ? 'price cut of 12 % the day before' : null,
      version: 1,
    }
  })
}
