// Currencies and time zones the browser knows, with a first guess from its own settings.

const COMMON = [
  'GBP',
  'EUR',
  'USD',
  'CAD',
  'AUD',
  'NZD',
  'CHF',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'CZK',
  'JPY',
  'INR',
  'BRL',
  'MXN',
]

/** ISO 4217 codes, the usual ones first. */
export function currencies(): string[] {
  const all = Intl.supportedValuesOf('currency')
  return [...COMMON, ...all.filter((code) => !COMMON.includes(code))]
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

export function timeZones(): string[] {
  return [...new Set(['UTC', ownZone(), ...Intl.supportedValuesOf('timeZone')])].sort()
}

const BY_REGION: Record<string, string> = {
  GB: 'GBP',
  US: 'USD',
  CA: 'CAD',
  AU: 'AUD',
  NZ: 'NZD',
  CH: 'CHF',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
  CZ: 'CZK',
  JP: 'JPY',
  IN: 'INR',
  BR: 'BRL',
  MX: 'MXN',
}

export function guessCurrency(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? ''
  return BY_REGION[region] ?? 'EUR'
}
