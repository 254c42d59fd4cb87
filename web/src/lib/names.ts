// Codes as people know them.

const CHANNELS: Record<string, string> = {
  etsy: 'Etsy',
  shopify: 'Shopify',
  amazon: 'Amazon',
  ebay: 'eBay',
  walmart: 'Walmart',
}

export function channelName(code: string): string {
  return CHANNELS[code.toLowerCase()] ?? code
}

const MODELS: Record<string, string> = {
  ensemble: 'a blend of models',
  naive: 'the last value',
  drift: 'the last value with its drift',
  'seasonal-naive': 'the same day of the last season',
  'seasonal-median': 'the usual day of the season',
  'window-average': 'the recent average',
  ses: 'exponential smoothing',
  'holt-damped': 'a damped trend',
  theta: 'trend and level (theta)',
  'dynamic-theta': 'trend and level (theta)',
  ets: 'exponential smoothing with season',
  croston: 'sizes and gaps of rare sales',
  sba: 'sizes and gaps of rare sales',
  tsb: 'sizes and chances of rare sales',
  adida: 'rare sales, gathered by period',
  imapa: 'rare sales, gathered by several periods',
  autoregression: 'the days before',
  'pooled log-log elasticity': 'own and similar prices',
}

const DRIVEN = ' + regressors'

/** A model as its readers would describe it. */
export function modelName(code: string): string {
  const isDriven = code.endsWith(DRIVEN)
  const known = MODELS[isDriven ? code.slice(0, -DRIVEN.length) : code]
  return known === undefined ? code : `${known}${isDriven ? ', with price and promotions' : ''}`
}

/** "Home Textiles > Table runner" → ["Table runner", "Home Textiles"]. */
export function splitCategory(path: string): [leaf: string, parents: string] {
  const parts = path.split(/\s*>\s*/)
  return [parts.at(-1) ?? path, parts.slice(0, -1).join(' › ')]
}

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' })

/** "DE" → "Germany", in the reader's language; what is not a code stays as it is. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}
