// Plans for the whole shop and for a season, made up but of the right shape.

import { CURRENCY } from './shop.mjs'

const money = (value) => ({ amount: value.toFixed(2), currency: CURRENCY })
const NO_ONE = { not_identified: 0, no_forecast: 0, no_cost: 0, under_test: 0, no_legal_price: 0, too_many: 0 }
const HORIZON_DAYS = 28

const planned = (products) =>
  products.filter(({ cost, price, units_30d: units }) => cost && price && units > 0).slice(0, 60)

function totals(products, move) {
  const sum = (of) => planned(products).reduce((total, each) => total + of(each), 0)
  const units = (each) => each.units_30d * (1 + move) ** -1.6
  const price = (each) => Number(each.price.amount) * (1 + move)
  return {
    units: sum(units),
    revenue: money(sum((each) => units(each) * price(each))),
    margin: money(sum((each) => units(each) * (price(each) - Number(each.cost.amount)))),
    price_index: 1 + move,
    changes: move === 0 ? 0 : Math.min(40, planned(products).length),
  }
}

const leftOut = (products) => ({ ...NO_ONE, not_identified: products.length - planned(products).length })

export function priceFront(products) {
  const points = [0.09, 0.07, 0.05, 0.03, 0.01, -0.01, -0.03, -0.05, -0.07, -0.09].map((move) => totals(products, move))
  const today = totals(products, 0)
  return { horizon_days: HORIZON_DAYS, products: planned(products).length, today, points, left_out: leftOut(products) }
}

export function pricePlan(products, { limits = {} }) {
  const move = Math.max(-0.09, Math.min(0.09, (limits.price_index_max ?? 1.05) - 1))
  const changes = planned(products)
    .slice(0, 40)
    .map((each) => {
      const price = Number(each.price.amount)
      const gain = each.units_30d * price * 0.02 * (1 + move)
      return {
        sku: each.sku,
        product_title: each.title,
        price_now: each.price,
        price: money(Math.round(price * (1 + move) * 10) / 10),
        units_now: each.units_30d,
        units: each.units_30d * (1 + move) ** -1.6,
        gain: money(gain),
        gain_low80: money(-gain / 3),
        gain_high80: money(2.2 * gain),
        probability_gain: 0.83,
        is_untried: price > 40,
        reason: 'Alone it would go elsewhere, but for the limits of the portfolio.',
      }
    })
  return {
    horizon_days: HORIZON_DAYS,
    products: planned(products).length,
    today: totals(products, 0),
    plan: totals(products, move),
    changes,
    binding: ['revenue_min'],
    gap_share: 0.0004,
    left_out: leftOut(products),
  }
}

export function takePlan({ prices }) {
  const [first, ...rest] = prices
  return {
    accepted: rest.map((_, place) => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`),
    refused: [{ sku: first.sku, reason: 'another price was accepted and is on its way: undo that first' }],
  }
}

export function season(product, { until, stock_units: asked, leftover_value: leftover = '0' }) {
  const stock = asked ?? product.stock
  const today = new Date(new Date().toISOString().slice(0, 10))
  const count = Math.max(1, Math.round((new Date(until) - today) / 86_400_000))
  const price = Number(product.price.amount)
  const days = Array.from({ length: count }, (_, place) => ({
    day: new Date(today.getTime() + (place + 1) * 86_400_000).toISOString().slice(0, 10),
    price: price * (1 - (0.35 * place) / count),
    units: (stock * 0.92) / count,
    left_units: stock * (1 - (0.92 * (place + 1)) / count),
    is_frozen: false,
  }))
  const revenue = days.reduce((sum, day) => sum + day.price * day.units, 0)
  return {
    sku: product.sku,
    product_title: product.title,
    price_now: product.price,
    price: product.price,
    binding: null,
    stock_units: stock,
    sold_units: stock * 0.92,
    left_units: stock * 0.08,
    revenue: money(revenue),
    value: money(revenue + stock * 0.08 * Number(leftover)),
    best_fixed_price: money(price * 0.85),
    best_fixed_value: money(revenue * 0.96),
    sell_out_probability: 0.44,
    days,
  }
}
