// Made-up decisions: what they promised and what they brought.

import { CURRENCY, day, instant, money, random, uuid } from './shop.mjs'

const range = (expected, spread) => ({
  expected: money(expected),
  low80: money(expected - spread),
  high80: money(expected + spread),
  low95: money(expected - spread * 1.5),
  high95: money(expected + spread * 1.5),
})

const OUTCOMES = ['measured', 'measured', 'too_early', 'measured', 'not_applied', 'not_measurable']
const EXPLANATIONS = {
  too_early: '9 of 28 days have passed since the price changed.',
  not_applied: 'It was accepted, but the price in the shop never changed.',
  not_measurable: 'No comparable product stayed untouched, so the effect cannot be told from the season.',
}

export function ledger(products) {
  const roll = random(31)
  return products.slice(0, 14).map((product, at) => {
    const outcome = OUTCOMES[at % OUTCOMES.length]
    const origin = at % 3 === 2 ? 'own_price_change' : 'recommendation'
    const gain = (roll() - 0.25) * 90
    const from = Number(product.price?.amount ?? 12)
    const change = { day: day(-40 + at), from: money(from), to: money(from * 1.06) }
    return {
      id: uuid(1_200 + at),
      origin,
      kind: 'reprice',
      sku: product.sku,
      product_title: product.title,
      title:
        origin === 'recommendation'
          ? 'Raise the price by 6%'
          : `Changed the price from ${from} to ${(from * 1.06).toFixed(2)} ${CURRENCY}`,
      decision: origin === 'recommendation' ? 'accepted' : 'own',
      decided_at: instant(-41 + at),
      decided_by: origin === 'recommendation' ? `member:${uuid(2)}` : 'system:shop data',
      reason: null,
      promised:
        origin === 'recommendation'
          ? {
              expected: money(38),
              low80: money(9),
              high80: money(70),
              horizon_days: 28,
              against: 'keeping the price',
              confidence: 0.88,
              action: {},
            }
          : null,
      back_test: {
        explanation: 'When the price rose on 3 March, margin rose too.',
        is_possible: true,
        entry: null,
        change: null,
        effect: null,
      },
      outcome,
      explanation: outcome === 'measured' ? 'Sold about as much as before, at a better price.' : EXPLANATIONS[outcome],
      change: outcome === 'not_applied' ? null : change,
      applied_at: outcome === 'not_applied' ? null : instant(-40 + at),
      effect: outcome === 'measured' ? effect(gain) : null,
      is_settled: outcome === 'measured',
      updated_at: instant(0, 4),
    }
  })
}

function effect(gain) {
  return {
    method: 'peers',
    first_day: day(-40),
    last_day: day(-13),
    days: 28,
    verdict: gain > 30 ? 'more' : 'unclear',
    units: {
      expected: gain / 8,
      low80: gain / 8 - 3,
      high80: gain / 8 + 3,
      low95: gain / 8 - 5,
      high95: gain / 8 + 5,
      ratio: 0.04,
    },
    revenue: range(gain * 1.8, 40),
    margin: range(gain, 28),
    peers: [
      { sku: 'HP-0003', weight: 0.61 },
      { sku: 'HP-0017', weight: 0.39 },
    ],
    weaknesses: ['not_randomised', 'few_peers'],
    claim: {
      basis: 'margin',
      claimed: money(gain),
      counterfactual: money(412.2),
      actual: money(412.2 + Number(gain.toFixed(2))),
    },
  }
}

export function ledgerSummary(entries) {
  const measured = entries.filter((each) => each.effect !== null)
  const sum = (list, pick) => money(list.reduce((total, each) => total + Number(pick(each)?.amount ?? 0), 0))
  const claim = (key) => sum(measured, (each) => each.effect.claim[key])
  const origins = ['recommendation', 'own_price_change']
  const of = (origin) => measured.filter((each) => each.origin === origin)
  const outcomes = [...new Set(entries.map((each) => each.outcome))]
  return {
    counts: origins.flatMap((origin) =>
      outcomes.map((outcome) => {
        const found = entries.filter((each) => each.origin === origin && each.outcome === outcome)
        return {
          origin,
          decision: 'accepted',
          outcome,
          entries: found.length,
          promised: sum(found, (each) => each.promised?.expected),
        }
      }),
    ),
    origins: origins.map((origin) => ({
      origin,
      entries: of(origin).length,
      promised: sum(of(origin), (each) => each.promised?.expected),
      measured: sum(of(origin), (each) => each.effect.claim.claimed),
    })),
    reconciliation: {
      entries: measured.length,
      skus: measured.length,
      claimed: claim('claimed'),
      counterfactual: claim('counterfactual'),
      actual: claim('actual'),
      booked: claim('actual'),
      difference: money(0),
      holds: true,
    },
  }
}
