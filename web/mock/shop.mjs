// A small made-up shop for working on the web app without the binary. Same data at every start.

export const TODAY = '2026-11-20'
export const CURRENCY = 'GBP'
const DAY_MS = 86_400_000

export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const day = (offset) => new Date(Date.parse(`${TODAY}T00:00:00Z`) + offset * DAY_MS).toISOString().slice(0, 10)
export const instant = (offset, hour = 9) => `${day(offset)}T${String(hour).padStart(2, '0')}:12:00Z`
export const money = (value) => ({ amount: value.toFixed(2), currency: CURRENCY })
export const uuid = (seed) => {
  const roll = random(seed * 7919 + 17)
  const hex = (count) => Array.from({ length: count }, () => Math.floor(roll() * 16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
}

const CATEGORIES = {
  Kitchen: [
    'Enamel mug',
    'Oak chopping board',
    'Linen tea towel',
    'Stoneware bowl',
    'Copper measuring set',
    'Cast iron trivet',
  ],
  Candles: ['Soy candle, fig', 'Beeswax taper pair', 'Tin candle, cedar', 'Tealight lantern'],
  Garden: ['Terracotta planter', 'Brass plant mister', 'Jute twine dispenser', 'Bird feeder', 'Herb scissors'],
  Stationery: ['Pocket notebook', 'Brass ruler', 'Letterpress card set', 'Wax seal kit'],
  Textiles: ['Wool throw', 'Waffle bath towel', 'Cotton napkin set', 'Linen cushion cover'],
}
const VARIANTS = ['', ', small', ', large', ', forest green', ', navy', ', natural', ', set of two']

export function makeProducts(count) {
  const roll = random(11)
  return Array.from({ length: count }, (_, index) => {
    const names = Object.keys(CATEGORIES)
    const category = names[Math.floor(roll() * names.length)]
    const bases = CATEGORIES[category]
    const base = bases[Math.floor(roll() * bases.length)]
    const price = Math.round((4 + roll() ** 2 * 68) * 2) / 2 - 0.01
    const rate = 0.15 + roll() ** 3 * 7
    const spark = Array.from({ length: 28 }, (_, at) =>
      Math.max(0, Math.round(rate * (1 + 0.35 * Math.sin(at / 1.1)) + (roll() - 0.5) * rate * 1.4)),
    )
    const units = spark.reduce((sum, each) => sum + each, 0)
    const hasCost = roll() > 0.08
    const cost = price * (0.34 + roll() * 0.38)
    const stock = roll() < 0.06 ? 0 : Math.round(rate * (4 + roll() * 70))
    const long =
      index === 6
        ? ', hand finished in small batches by three workshops on the coast, gift boxed with a story card'
        : ''
    return {
      sku: `${category.slice(0, 2).toUpperCase()}-${String(1001 + index)}`,
      title: `${base}${VARIANTS[Math.floor(roll() * VARIANTS.length)]}${long}`,
      category,
      brand: 'Harbour & Pine',
      image: null,
      price: money(price),
      cost: hasCost ? money(cost) : null,
      margin_rate: hasCost ? 1 - cost / price : null,
      stock,
      stock_cover_days: rate > 0 ? stock / rate : null,
      units_30d: units,
      revenue_30d: money(units * price),
      revenue_delta: roll() < 0.05 ? null : (roll() - 0.44) * 0.7,
      forecast_units_28d: roll() < 0.07 ? null : Math.round(rate * 28 * (0.85 + roll() * 0.4)),
      elasticity: roll() < 0.3 ? null : -(0.6 + roll() * 2.2),
      open_recommendations: 0,
      open_alerts: 0,
      rating: roll() < 0.2 ? null : 3.6 + roll() * 1.4,
      spark,
      rate,
    }
  })
}

/** Daily values with a week's rhythm, a yearly swell and noise. */
export function series(days, level, seed, { until = 0, growth = 0.0006 } = {}) {
  const roll = random(seed)
  return Array.from({ length: days }, (_, at) => {
    const offset = until - days + 1 + at
    const week = 1 + 0.22 * Math.sin(((offset + 700) % 7) * 0.9) - (Math.abs(offset % 7) === 5 ? 0.18 : 0)
    const year = 1 + 0.16 * Math.cos(((offset - 25) / 365) * 2 * Math.PI)
    return {
      day: day(offset),
      value: Math.max(0, level * week * year * (1 + growth * offset) * (0.86 + roll() * 0.28)),
    }
  })
}

export function fan(days, level, seed) {
  return series(days, level, seed, { until: days }).map((point, at) => {
    const spread = point.value * (0.16 + at * 0.006)
    return {
      day: point.day,
      mean: point.value,
      median: point.value * 0.99,
      low80: Math.max(0, point.value - spread),
      high80: point.value + spread,
      low95: Math.max(0, point.value - spread * 1.65),
      high95: point.value + spread * 1.65,
    }
  })
}
