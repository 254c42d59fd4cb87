// Made-up price tests and simulations.

import { day, instant, money, uuid } from './shop.mjs'

function planOf(product) {
  const now = Number(product.price?.amount ?? 12)
  return {
    price_now: money(now),
    prices: [money(now * 0.92), money(now * 1.08)],
    price_move: 0.08,
    days: 56,
    rounds: 4,
    round_days: 14,
    blocks: 'weeks',
    block_days: 7,
    layout: 'switch_back',
    washout_days: 1,
    cost: { expected: money(6.4), low80: money(-9.1), high80: money(21.7) },
    deviation_now: 1.1,
    deviation_after: 0.42,
    value: { probability_price_changes: 0.63, expected_gain: money(48.2), horizon_days: 365 },
    pays: true,
    summary: 'Two prices take turns week by week for 56 days.',
  }
}

export const proposals = (products) => ({
  items: products.slice(20, 27).map((product, at) => ({
    sku: product.sku,
    product_title: product.title,
    why: 'The price has not changed in the last year.',
    elasticity: { mean: -1.9, deviation: 1.1 },
    answer: at === 6 ? 'out_of_reach' : 'run',
    reason:
      at === 6
        ? 'It sells 0.2 units a day: even twelve weeks would leave the elasticity open.'
        : 'Two prices take turns week by week for 56 days.',
    plan: planOf(product),
  })),
})

export function makeTests(products) {
  const reading = (read) => ({
    rounds_read: read,
    rounds_planned: 4,
    days_counted: read * 12,
    days_dropped: [{ reason: 'washout', days: read * 2 }],
    elasticity: { expected: -2.3, low: -3.9, high: -0.8 },
    no_effect_p_value: 0.012,
    belief: { mean: -2.2, deviation: 0.6 },
    comparisons: planOf(products[30]).prices.map((price, at) => ({
      price,
      change_ratio: { expected: at === 0 ? -0.06 : 0.05, low: at === 0 ? -0.13 : -0.02, high: at === 0 ? 0.01 : 0.12 },
      change_per_day: money(at === 0 ? -0.9 : 0.7),
    })),
    cost_so_far: money(2.1),
    may_stop: read === 4,
    verdict: read === 4 ? 'complete' : 'continue',
    summary: read === 4 ? 'The higher price earns about 5 % more.' : 'It is too early to say which price earns more.',
  })
  return [30, 31].map((index, at) => {
    const product = products[index]
    const plan = planOf(product)
    const isRunning = at === 0
    return {
      id: uuid(1_500 + at),
      sku: product.sku,
      product_title: product.title,
      state: isRunning ? 'running' : 'finished',
      first_day: day(isRunning ? -20 : -80),
      last_day: day(isRunning ? 35 : -25),
      today: isRunning
        ? { day: day(0), price: plan.prices[0], role: 'counted', next_day: day(4), next_price: plan.prices[1] }
        : null,
      plan,
      reading: reading(isRunning ? 1 : 4),
      started_at: instant(isRunning ? -21 : -81),
      started_by: `member:${uuid(2)}`,
      ended_at: isRunning ? null : instant(-24),
      end_reason: isRunning ? null : 'every round was read',
      version: 1,
      updated_at: instant(0, 4),
    }
  })
}

export const withSchedule = (test) => ({
  ...test,
  schedule: Array.from({ length: 56 }, (_, at) => ({
    day: new Date(Date.parse(`${test.first_day}T00:00:00Z`) + at * 86_400_000).toISOString().slice(0, 10),
    round: Math.floor(at / 14),
    price: test.plan.prices[Math.floor(at / 7) % 2],
    role: at % 7 === 0 ? 'washout' : 'counted',
  })),
})

export function start(tests, product) {
  const first_day = day(1)
  const test = {
    ...tests[0],
    id: uuid(1_600 + tests.length),
    sku: product.sku,
    product_title: product.title,
    first_day,
    last_day: day(56),
    today: null,
    plan: planOf(product),
    reading: null,
    started_at: instant(0),
  }
  tests.unshift(test)
  return withSchedule(test)
}

/** A plan beside the one as it stands, by a demand of constant elasticity. */
export function simulate(product, asked) {
  const now = Number(product.price?.amount ?? 12)
  const costNow = Number(product.cost?.amount ?? now * 0.5)
  const base = product.rate * 28
  const spread = (mean, width, print = (value) => value) => ({
    mean: print(mean),
    median: print(mean * 0.98),
    low80: print(mean - width),
    high80: print(mean + width),
  })
  const outcome = (price, cost, stock) => {
    const wanted = base * (price / now) ** -1.8
    const units = Math.min(wanted, stock)
    const short = Math.max(0, Math.min(0.97, (wanted / stock - 0.7) * 1.6))
    return {
      price: money(price),
      unit_cost: money(cost),
      rival_price: null,
      stock_units: stock,
      delivered_units: 0,
      units: spread(units, units * 0.25),
      lost_units: spread(wanted - units, wanted * 0.1),
      revenue: spread(units * price, units * price * 0.25, money),
      margin: spread(units * (price - cost), units * (price - cost) * 0.3, money),
      stock_out: {
        probability: short,
        likely_day: short > 0.5 ? day(19) : null,
        by_day: Array.from({ length: 28 }, (_, at) => ({ day: day(at + 1), probability: short * (at / 27) ** 3 })),
      },
    }
  }
  const stock = product.stock ?? 40
  const baseline = outcome(now, costNow, stock)
  const scenario = outcome(
    Number(asked.price ?? now),
    Number(asked.unit_cost ?? costNow),
    Number(asked.stock_units ?? stock) + (asked.deliveries?.[0]?.units ?? 0),
  )
  const change = Number(scenario.margin.mean.amount) - Number(baseline.margin.mean.amount)
  return {
    sku: product.sku,
    product_title: product.title,
    first_day: day(1),
    last_day: day(28),
    horizon_days: 28,
    draws: 2000,
    seed: '00c0ffee00c0ffee',
    baseline,
    scenario,
    difference: {
      units: spread(scenario.units.mean - baseline.units.mean, 3),
      revenue: spread(Number(scenario.revenue.mean.amount) - Number(baseline.revenue.mean.amount), 12, money),
      margin: spread(change, 9, money),
      probability_better: change > 0 ? 0.81 : 0.24,
    },
    warnings:
      Math.abs(Number(asked.price ?? now) / now - 1) > 0.2
        ? [{ code: 'never_tried', message: 'This price lies outside the prices that were ever tried.' }]
        : [],
    violations: [],
  }
}
