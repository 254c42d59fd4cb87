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

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' })

/** "DE" → "Germany", in the reader's language; what is not a code stays as it is. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}
