// Answers of the mock that are computed from the made-up shop: overview, product detail, what-if, import preview.

import { parts } from './demand.mjs'
import { CURRENCY, day, fan, instant, money, random, series, TODAY } from './shop.mjs'

const sum = (points) => points.reduce((total, point) => total + (point.value ?? 0), 0)

function kpi(measure, title, unit, value, previous, spark, more = {}) {
  return {
    measure,
    title,
    unit,
    currency: unit === 'money' ? CURRENCY : null,
    value,
    exact: unit === 'money' && value !== null ? value.toFixed(2) : null,
    previous,
    delta: previous ? (value - previous) / previous : null,
    is_partial: false,
    better: 'up',
    spark,
    note: null,
    ...more,
  }
}

export function overview(shop, { from, to, compare }) {
  const last = to ?? TODAY
  const days = from ? (Date.parse(last) - Date.parse(from)) / 86_400_000 + 1 : 28
  const history = series(days, 1840, 3).map((point, at) =>
    at === days - 1 ? { ...point, is_partial: true, value: point.value * 0.55 } : point,
  )
  const comparison = compare === 'none' ? [] : series(days, 1690, 5, { until: -days })
  const spark = history.map((point) => point.value)
  const net = sum(history)
  const before = compare === 'none' ? null : sum(comparison)
  const annotations = [
    { day: day(-Math.floor(days * 0.62)), kind: 'promotion', text: 'Autumn sale, 15.0 % off candles' },
    { day: day(-Math.floor(days * 0.2)), kind: 'price_change', text: '12 prices changed' },
  ]
  return {
    range: { from: day(1 - days), to: last },
    comparison: compare === 'none' ? null : { from: day(1 - 2 * days), to: day(-days) },
    freshness: {
      data_as_of: new Date(Date.now() - 14 * 60_000).toISOString(),
      last_import_at: new Date(Date.now() - 14 * 60_000).toISOString(),
      last_run_at: new Date(Date.now() - 3 * 3_600_000).toISOString(),
      state: 'fresh',
      sentence: 'Orders, stock and prices are up to date.',
    },
    kpis: [
      kpi('net_revenue', 'Net revenue', 'money', net, before, spark, { is_partial: true }),
      kpi(
        'orders',
        'Orders',
        'count',
        Math.round(net / 41.7),
        before && Math.round(before / 40.9),
        spark.map((v) => v / 41),
      ),
      kpi(
        'average_order_value',
        'Average order',
        'money',
        41.72,
        before && 40.94,
        series(days, 41, 8).map((p) => p.value),
      ),
      kpi(
        'margin',
        'Gross margin',
        'money',
        net * 0.43,
        before && before * 0.447,
        series(days, 790, 9).map((p) => p.value),
        { note: 'Cost is known for 92% of revenue' },
      ),
      kpi(
        'units',
        'Units sold',
        'count',
        Math.round(net / 15.3),
        before && Math.round(before / 15.9),
        series(days, 120, 12).map((p) => p.value),
      ),
      kpi(
        'refund_rate',
        'Refund rate',
        'ratio',
        0.0214,
        before && 0.0262,
        series(days, 2, 10).map((p) => p.value),
        { better: 'down' },
      ),
      kpi(
        'active_customers',
        'Active customers',
        'count',
        Math.round(net / 52),
        before && Math.round(before / 53),
        series(days, 40, 14).map((p) => p.value),
      ),
    ],
    revenue: {
      unit: CURRENCY,
      history,
      comparison,
      forecast: fan(Math.min(28, Math.max(7, Math.round(days / 2))), 1900, 4),
      annotations,
    },
    drivers:
      compare === 'none'
        ? []
        : [
            ['category', 'Candles', null, 2210, 0.54],
            ['sku', shop.products[2].title, shop.products[2].sku, 1120, 0.27],
            ['channel', 'Etsy', null, 840, 0.21],
            ['category', 'Garden', null, -960, -0.23],
            ['country', 'Germany', null, -410, -0.1],
            ['sku', shop.products[6].title, shop.products[6].sku, -220, -0.05],
          ].map(([dimension, name, sku, change, share]) => ({ dimension, name, sku, change: money(change), share })),
    opportunities: shop.recommendations.filter((each) => each.state === 'open').slice(0, 3),
    alerts: shop.alerts.filter((each) => each.state === 'firing').slice(0, 5),
    headlines: [
      {
        text: '8 products run out within a week',
        severity: 'critical',
        link: '/products?sort=stock_cover',
      },
      { text: '23 products sell below their cost', severity: 'warning', link: '/alerts?kind=margin_loss' },
      {
        text: 'The 6 best open recommendations are worth about 1292.47 GBP',
        severity: 'info',
        link: '/recommendations',
      },
    ],
  }
}

const MEASURES = {
  net_revenue: 1840,
  orders: 46,
  average_order_value: 41.7,
  margin: 790,
  units: 120,
  refund_rate: 0.021,
  active_customers: 38,
}
const SLICES = {
  category: ['Candles', 'Kitchen', 'Garden', 'Textiles', 'Stationery'],
  channel: ['etsy', 'shopify'],
  country: ['GB', 'DE', 'FR', 'NL', 'IE', 'SE'],
}

/** Any measure by day or by slice, with what was before. */
export function measures(shop, { measures: [measure], from, to, by, compare, limit = 50 }) {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  const level = MEASURES[measure] ?? 100
  const row = (key, value, previous, is_partial = false) => ({
    key,
    values: { [measure]: value },
    exact: { [measure]: String(value) },
    previous: { [measure]: compare === 'none' ? null : previous },
    is_partial,
  })
  if (by === 'day') {
    const before = series(days, level * 0.92, 21)
    const rows = series(days, level, 20).map((point, at) =>
      row(point.day, point.value, before[at].value, at === days - 1),
    )
    return { columns: [measure], rows, currency: CURRENCY }
  }
  const keys = SLICES[by] ?? shop.products.map((product) => product.sku)
  const isShare = measure === 'refund_rate' || measure === 'average_order_value'
  const rows = keys.slice(0, limit).map((key, at) => {
    const value = isShare ? level * (1.4 - at * 0.12) : (level * days * 0.5) / (at + 1)
    return row(key, value, value * (0.8 + ((at * 37) % 50) / 100))
  })
  return { columns: [measure], rows, currency: CURRENCY }
}

/** What a measure is expected to be on the coming days. */
export function measureForecast({ measure, periods }) {
  const level = MEASURES[measure] ?? 100
  const past = series(120, level, 20).slice(0, -1)
  return {
    measure,
    currency: ['net_revenue', 'margin', 'average_order_value'].includes(measure) ? CURRENCY : null,
    status: 'ready',
    model: 'ensemble',
    members: [
      { model: 'ets', weight: 0.6 },
      { model: 'seasonal-median', weight: 0.4 },
    ],
    skill: { mase: 0.81, wape: 0.12, over_seasonal_naive: 0.22 },
    past: past.map(({ day, value }) => ({ from: day, value, exact: String(value) })),
    steps: fan(periods, level, 4),
  }
}

function priceSteps(level, seed, changes) {
  const roll = random(seed)
  let price = level
  return Array.from({ length: changes }, (_, index) => {
    price = Math.max(level * 0.75, price * (0.93 + roll() * 0.15))
    return {
      at: instant(-Math.round(360 * (1 - index / changes)), 0),
      price: index === changes - 1 ? level : Math.round(price * 2) / 2 - 0.01,
      in_stock: roll() > 0.1,
      is_promotion: roll() < 0.2,
    }
  })
}

export function curvePoint(product, price) {
  const now = Number(product.price.amount)
  const cost = product.cost ? Number(product.cost.amount) : null
  const units = product.rate * 28 * (price / now) ** (product.elasticity ?? -1.4)
  return {
    price,
    units,
    units_low80: units * (1 - 0.08 - Math.abs(price / now - 1) * 1.1),
    units_high80: units * (1 + 0.09 + Math.abs(price / now - 1) * 1.6),
    revenue: units * price,
    margin: cost === null ? null : units * (price - cost),
    extrapolated: price < now * 0.82 || price > now * 1.12,
  }
}

export function productDetail(shop, product) {
  const now = Number(product.price.amount)
  const seed = Number(product.sku.slice(3))
  const demand = series(180, product.rate, seed).map((point, at) => {
    const censored = at > 118 && at < 127
    return { ...point, value: censored ? 0 : Math.round(point.value), censored, is_partial: at === 179 }
  })
  const stock = series(180, 1, seed + 4).map((point, at) => ({
    day: point.day,
    value: at > 118 && at < 127 ? 0 : Math.max(0, Math.round(product.rate * 40 * (1 - ((at + 53) % 60) / 60))),
  }))
  const recommendations = shop.recommendations.filter((each) => each.sku === product.sku)
  const best = recommendations.find((each) => each.kind === 'reprice')
  return {
    ...product,
    stores: [
      { store: 'harbour-etsy', channel: 'Etsy', price: product.price, listing: '1184423' },
      { store: 'harbour-shop', channel: 'Shopify', price: money(now * 1.05), listing: 'gid-99' },
    ],
    price_history: {
      own: priceSteps(now, seed, 7),
      rivals: ['Northshore', 'Pine & Co', 'Dockside'].map((name, index) => ({
        name,
        points: priceSteps(now * (1.02 + index * 0.07), seed + index + 1, 9),
      })),
      cost: product.cost
        ? [{ at: instant(-360, 0), price: Number(product.cost.amount), in_stock: null, is_promotion: null }]
        : [],
    },
    demand: {
      history: demand,
      forecast: product.forecast_units_28d === null ? [] : fan(28, product.rate, seed + 2),
      status: product.forecast_units_28d === null ? 'not_enough_data' : 'ready',
      model: 'ensemble',
      demand_class: product.rate < 1 ? 'intermittent' : 'smooth',
      accuracy: {
        wape: 0.31,
        mase: 0.84,
        coverage80: 0.81,
        note: 'Over 6 rolling origins; a seasonal naive forecast has 37 %.',
      },
      parts: parts(product),
      annotations: [
        { day: day(-61), kind: 'stock_out', text: 'Out of stock for 8 days' },
        { day: day(-24), kind: 'price_change', text: 'Price changed' },
      ],
    },
    stock_plan: {
      history: stock,
      cover_days: product.stock_cover_days,
      lead_time_days: 14,
      stock_out_day: product.stock_cover_days < 40 ? day(Math.round(product.stock_cover_days)) : null,
    },
    price_model:
      product.elasticity === null
        ? null
        : {
            elasticity: product.elasticity,
            low95: product.elasticity - 0.5,
            high95: product.elasticity + 0.46,
            identified: true,
            reason: '412 periods with 6 prices from 12.00 to 15.49; own slope -1.42 ± 0.23 before pooling.',
            observations: 412,
            prices: 6,
            support: { low: now * 0.82, high: now * 1.12 },
            currency: CURRENCY,
            current_price: now,
            unit_cost: product.cost ? Number(product.cost.amount) : null,
            drivers: [
              { driver: 'promotion', effect: 0.18, low95: 0.05, high95: 0.32 },
              { driver: 'rival_price', effect: 0.6, low95: 0.2, high95: 1 },
            ],
            curve: Array.from({ length: 41 }, (_, at) => curvePoint(product, now * (0.65 + at * 0.0175))),
            advice: best
              ? {
                  kind: 'reprice',
                  price: best.action.to,
                  reason: best.sentence,
                  binding_constraint: 'price_ending',
                }
              : {
                  kind: 'keep',
                  price: product.price,
                  reason: 'No other price is expected to earn more within your limits.',
                  binding_constraint: null,
                },
          },
    recommendations,
    alerts: shop.alerts.filter((each) => each.sku === product.sku && each.state !== 'resolved'),
    reviews: {
      count: 48,
      average: product.rating,
      by_rating: [1, 2, 4, 13, 28],
      recent: [
        {
          rating: 5,
          title: 'Lovely weight',
          text: 'Heavier than it looks and the glaze is beautiful. Bought two more as gifts.',
          at: instant(-4),
        },
        {
          rating: 3,
          title: 'Arrived chipped',
          text: 'Good product but the box was too thin. Replacement came quickly.',
          at: instant(-11),
        },
        { rating: 5, title: 'Exactly as described', text: '', at: instant(-19) },
      ],
    },
    settings: {
      lead_time_days: null,
      min_price: null,
      max_price: null,
      min_margin: null,
      min_advertised_price: null,
      version: 0,
    },
  }
}

export function whatIf(product, price) {
  const at = curvePoint(product, price)
  const now = curvePoint(product, Number(product.price.amount))
  const gain = at.margin === null ? null : at.margin - now.margin
  const spread = Math.abs(price / Number(product.price.amount) - 1) * 900 + 12
  return {
    price: money(price),
    horizon_days: 28,
    units: at.units,
    units_low80: at.units_low80,
    units_high80: at.units_high80,
    revenue: money(at.revenue),
    revenue_low80: money(at.revenue * 0.88),
    revenue_high80: money(at.revenue * 1.14),
    margin: at.margin === null ? null : money(at.margin),
    margin_low80: at.margin === null ? null : money(at.margin * 0.82),
    margin_high80: at.margin === null ? null : money(at.margin * 1.18),
    gain: gain === null ? null : money(gain),
    gain_low80: gain === null ? null : money(gain - spread),
    gain_high80: gain === null ? null : money(gain + spread),
    probability_gain: gain === null ? null : 1 / (1 + Math.exp(-gain / (spread / 2))),
    violations:
      price > Number(product.price.amount) * 1.1
        ? [{ rule: 'max_change_per_day', message: 'change 14.0 %, at most 10.0 % either way' }]
        : [],
    extrapolated: at.extrapolated,
  }
}

export function importPreview(upload, mapping) {
  const recognised = upload.header.some((name) => /sale date|order id|invoice/i.test(name))
  const [first] = upload.rows
  return {
    upload_id: upload.upload_id,
    file: upload.file,
    format: 'csv',
    encoding: 'UTF-8',
    delimiter: ',',
    kind: recognised ? 'etsy_sold_items' : 'orders',
    kind_title: recognised ? 'Etsy sold items' : 'Order lines',
    confidence: recognised ? 'recognised' : mapping ? 'guessed' : 'unknown',
    columns: upload.header.map((name, at) => ({
      name,
      samples: upload.rows.slice(0, 3).map((row) => row[at] ?? ''),
      guess: { quantity: 'quantity', price: 'unit_price' }[name.toLowerCase()] ?? null,
    })),
    fields: [
      ['order_id', 'Order number', true, 'What groups lines into one order.'],
      ['placed_at', 'Order date', true, 'When the order was placed.'],
      ['sku', 'Sku', true, 'Your own product code.'],
      ['quantity', 'Quantity', true, 'Units on this line.'],
      ['unit_price', 'Unit price', true, 'Price of one unit, before refunds.'],
      ['country', 'Country', false, 'Where it was sent.'],
    ].map(([name, title, required, description]) => ({ name, title, required, description })),
    mapping: mapping ?? (recognised ? {} : { quantity: upload.header.find((name) => /quantity/i.test(name)) ?? '' }),
    rows: upload.rows.length,
    counts: {
      rows: upload.rows.length,
      new: Math.max(0, upload.rows.length - 1),
      changed: 0,
      unchanged: 0,
      rejected: Math.min(1, upload.rows.length),
    },
    totals: {
      rows: upload.rows.length,
      orders: upload.rows.length,
      customers: 3,
      net_amount: '184.20',
      duplicates: 0,
      by_kind: [{ kind: 'sale', rows: upload.rows.length, amount: '184.20' }],
    },
    problems: first
      ? [
          {
            row: 3,
            column: upload.header[1] ?? upload.header[0],
            value: first[1] ?? '',
            reason: 'Not a date. Expected something like 2026-11-20 or 20/11/2026.',
          },
        ]
      : [],
    sample: upload.rows
      .slice(0, 5)
      .map((row) => Object.fromEntries(upload.header.map((name, at) => [name, row[at] ?? '']))),
    kinds: [
      { kind: 'orders', title: 'Order lines' },
      { kind: 'stock', title: 'Stock levels' },
    ],
    currency: CURRENCY,
    rows_without_currency: 0,
    assumed_currency: CURRENCY,
    questions: [],
  }
}
