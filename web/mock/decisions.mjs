// Recommendations and alerts of the made-up shop.

import { day, instant, money, uuid } from './shop.mjs'

const REPRICE_REASON =
  'Demand falls slowly between 12 and 16 in your own price history, and two of three rivals charge more. The gain is the expected margin over 28 days against keeping the price.'

export function makeRecommendations(products) {
  return products.slice(0, 34).map((product, index) => {
    const kind = ['reprice', 'restock', 'reprice', 'slow_mover'][index % 4]
    const impact = 640 / (1 + index * 0.42)
    const price = Number(product.price.amount)
    const next = kind === 'slow_mover' ? price * 0.85 : price * (index % 3 === 0 ? 0.94 : 1.06)
    const quantity = Math.max(12, Math.round(product.rate * 45))
    const words = {
      reprice: [
        `Change the price to £${next.toFixed(2)}`,
        `Price ${next > price ? 'up' : 'down'} to £${next.toFixed(2)}`,
      ],
      restock: [`Order ${quantity} units`, `Order ${quantity} units before ${day(6 + (index % 5))}`],
      slow_mover: [`Mark down to £${next.toFixed(2)}`, `Clear slow stock at £${next.toFixed(2)}`],
    }[kind]
    return {
      id: uuid(5000 + index),
      kind,
      sku: product.sku,
      title: words[1],
      product_title: product.title,
      state: 'open',
      sentence: {
        reprice: `At £${next.toFixed(2)} the product should earn £${impact.toFixed(0)} more margin in 28 days.`,
        restock: `Stock runs out in ${3 + (index % 6)} days, before a delivery can arrive; £${impact.toFixed(0)} of margin would be lost.`,
        slow_mover: `No sale in ${40 + index} days; £${(impact * 1.3).toFixed(0)} is tied up in stock.`,
      }[kind],
      reason:
        kind === 'reprice'
          ? REPRICE_REASON
          : 'The forecast for the lead time, its 90 % quantile, and the stock on hand.',
      action: kind === 'restock' ? { label: words[0], quantity } : { label: words[0], price: money(next) },
      impact: money(impact),
      impact_low80: money(impact * (index % 5 === 2 ? -0.15 : 0.32)),
      impact_high80: money(impact * 1.71),
      horizon_days: 28,
      confidence: 0.9 - (index % 7) * 0.06,
      urgency: kind === 'restock' ? 0.9 : 0.4,
      priority: money(impact * (0.9 - (index % 7) * 0.06)),
      evidence: [
        { label: 'Current price', value: price.toFixed(2), unit: 'GBP', link: null },
        { label: 'Price elasticity', value: '−1.42 (−1.88 to −0.97)', unit: null, link: `/products/${product.sku}` },
        { label: 'Different prices tried', value: '5', unit: 'prices', link: null },
        { label: 'Observed days', value: '412', unit: 'days', link: null },
        { label: 'Cheapest rival', value: (price * 1.08).toFixed(2), unit: 'GBP', link: null },
      ],
      guard_rails: [
        { name: 'Margin floor', passed: true, text: 'Margin stays at 41 %, above your floor of 20 %.' },
        { name: 'Daily change', passed: true, text: 'A step of 6 % is inside the allowed 10 % a day.' },
        {
          name: 'Observed prices',
          passed: index % 6 !== 0,
          text:
            index % 6 === 0
              ? 'Slightly above the highest price tried (£15.49).'
              : 'Inside the range of prices you have charged.',
        },
        { name: 'Price ending', passed: true, text: 'Ends in .99 like the rest of the shop.' },
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
    'Your price rose from £11.99 to £13.99 on 12 Nov; the cheapest rival did not follow.',
  ],
  [
    'price_anomaly',
    'critical',
    'Sells below cost',
    'The price on Etsy is £6.49 while one unit costs £7.20.',
    'A promotion of 30 % was not ended.',
  ],
  ['demand_spike', 'info', 'Sales doubled', '44 units in the last 7 days where 14–26 were expected.', null],
  ['rival_price', 'warning', 'A rival undercut you by 12 %', 'Northshore sells at £10.49; you sell at £11.99.', null],
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
      version: 1,
    }
  })
}
