// Numbers and money as text, in the reader's locale. Formatters are costly to build and are kept.

import { type Money, signOf } from '~/lib/money'

const kept = new Map<string, Intl.NumberFormat>()

/** Intl prints a decimal string exactly (ECMA-402 2023), without passing through a float. */
function isExact(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text)
}

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  let found = kept.get(key)
  if (!found) {
    found = new Intl.NumberFormat(undefined, options)
    kept.set(key, found)
  }
  return found
}

export type MoneyStyle = {
  /** `whole` drops the minor unit (for totals), `compact` writes 1.2K. `exact` by default. */
  precision?: 'exact' | 'whole' | 'compact'
  /** Always show + or −. */
  signed?: boolean
}

function moneyOptions(currency: string, { precision = 'exact', signed = false }: MoneyStyle): Intl.NumberFormatOptions {
  const common: Intl.NumberFormatOptions = {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    signDisplay: signed ? 'exceptZero' : 'negative',
  }
  if (precision === 'compact') return { ...common, notation: 'compact', maximumFractionDigits: 1 }
  if (precision === 'whole') return { ...common, maximumFractionDigits: 0 }
  return common
}

const PRICE_DIGITS_MAX = 6

/** "£1,234.50". Unit prices finer than the minor unit keep their digits: "£0.001". */
export function formatMoney(money: Money, style: MoneyStyle = {}): string {
  if (!isExact(money.amount)) return `${money.amount} ${money.currency}`
  const options = moneyOptions(money.currency, style)
  const digits = money.amount.split('.')[1]?.length ?? 0
  // More digits than any price has come from a division (an average): those are rounded like any amount.
  if (digits > 2 && digits <= PRICE_DIGITS_MAX && options.maximumFractionDigits === undefined) {
    options.maximumFractionDigits = digits
  }
  return minus(formatter(options).format(money.amount))
}

/** An approximate money value (chart axes, means of forecasts). */
export function formatMoneyNumber(value: number, currency: string, style: MoneyStyle = {}): string {
  return minus(formatter(moneyOptions(currency, style)).format(value))
}

/** Whole pounds above a hundred, exact below: significant digits, not noise. */
export function formatMoneyBrief(money: Money, signed = false): string {
  return formatMoney(money, { precision: Math.abs(Number(money.amount)) >= 100 ? 'whole' : 'exact', signed })
}

/** "£205–£1,094", or "−£52 to +£595" when the sign may turn. Both ends keep the same precision. */
export function formatMoneyInterval(low: Money, high: Money): string {
  const isLarge = Math.max(Math.abs(Number(low.amount)), Math.abs(Number(high.amount))) >= 100
  const isSigned = signOf(low) < 0
  const text = (money: Money) => formatMoney(money, { precision: isLarge ? 'whole' : 'exact', signed: isSigned })
  return `${text(low)}${isSigned ? ' to ' : '–'}${text(high)}`
}

/** "12,345" or, below ten, up to `digits` decimals. */
export function formatCount(value: number, digits = 0): string {
  return minus(formatter({ maximumFractionDigits: digits }).format(value))
}

/** Counts of a model (expected units): one decimal below 10, none above. */
export function formatExpected(value: number): string {
  return formatCount(value, Math.abs(value) < 10 ? 1 : 0)
}

export function formatCompact(value: number): string {
  return minus(formatter({ notation: 'compact', maximumFractionDigits: 1 }).format(value))
}

/** 0.256 → "25.6%". `least` digits are kept even when they are zeros, so that a column lines up. */
export function formatRatio(ratio: number, { digits = 1, least = 0, signed = false } = {}): string {
  return minus(
    formatter({
      style: 'percent',
      minimumFractionDigits: least,
      maximumFractionDigits: digits,
      signDisplay: signed ? 'exceptZero' : 'negative',
    }).format(ratio),
  )
}

const CHANCES: [least: number, words: string][] = [
  [0.9, 'Very likely'],
  [0.7, 'Likely'],
  [0.55, 'Rather likely'],
  [0.45, 'About even'],
  [0.3, 'Rather unlikely'],
  [0.1, 'Unlikely'],
]

/** A probability as a word and a number: "Likely (78%)". Never "100%": no estimate is that sure. */
export function formatChance(probability: number): string {
  if (probability > 0.99) return 'Almost certain (over 99%)'
  if (probability < 0.01) return 'Almost ruled out (under 1%)'
  const words = CHANCES.find(([least]) => probability >= least)?.[1] ?? 'Very unlikely'
  return `${words} (${formatRatio(probability, { digits: 0 })})`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const unit = bytes < 1_000_000 ? 'kilobyte' : bytes < 1_000_000_000 ? 'megabyte' : 'gigabyte'
  const divisor = unit === 'kilobyte' ? 1e3 : unit === 'megabyte' ? 1e6 : 1e9
  return formatter({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / divisor)
}

/** "1 product", "3 products"; a count that is no whole number goes by how it is written. */
export function plural(count: number, one: string, many = `${one}s`): string {
  const written = formatCount(count)
  return `${written} ${written === formatCount(1) ? one : many}`
}

/** A true minus sign lines up with digits; the hyphen does not. */
function minus(text: string): string {
  return text.replace('-', '−')
}
