// A made-up demand plan: categories that add up to the shop.

import { day, instant, money } from './shop.mjs'

/** What the forecast of a product is made of; the parts add up to the units expected in 28 days. */
export function parts({ forecast_units_28d: units }) {
  if (units === null) return []
  const others = { trend: 0.02 * units, season: 0.06 * units, price: -0.03 * units, promotion: 0 }
  const level = units - Object.values(others).reduce((sum, part) => sum + part, 0)
  return Object.entries({ level, ...others }).map(([cause, amount]) => ({ cause, days: 28, units: amount }))
}

function line(members, days) {
  const units = Math.round(members.reduce((sum, each) => sum + ((each.forecast_units_28d ?? 0) * days) / 28, 0))
  const revenue = members.reduce(
    (sum, each) => sum + (((each.forecast_units_28d ?? 0) * days) / 28) * Number(each.price?.amount ?? 0),
    0,
  )
  return {
    products: members.length,
    units,
    units_low80: units * 0.9,
    units_high80: units * 1.12,
    units_before: Math.round(members.reduce((sum, each) => sum + (each.units_30d * days) / 30, 0)),
    revenue: money(revenue),
    status: 'ready',
  }
}

export function demandPlan(products, { days = '28' }) {
  const ahead = Number(days)
  const names = [...new Set(products.map((each) => each.category))].sort()
  const categories = names.map((category) => ({
    category,
    line: line(
      products.filter((each) => each.category === category),
      ahead,
    ),
  }))
  const units = categories.reduce((sum, each) => sum + each.line.units, 0)
  return {
    days: { from: day(0), to: day(ahead - 1) },
    before: { from: day(-ahead), to: day(-1) },
    made_at: instant(0, 4),
    whole: { ...line(products, ahead), units },
    categories,
    stores: [
      { store: 'linden-and-co.etsy', line: { ...line(products, ahead), ...part(units, 0.64), revenue: null } },
      { store: 'linden-and-co.shop', line: { ...line(products, ahead), ...part(units, 0.36), revenue: null } },
    ],
  }
}

/** The share of a store; the shares add up to one, and so do rounded units of two. */
function part(units, share) {
  const own = share > 0.5 ? Math.round(units * share) : units - Math.round(units * (1 - share))
  return { units: own, units_low80: own * 0.88, units_high80: own * 1.15, units_before: Math.round(own * 0.95) }
}
