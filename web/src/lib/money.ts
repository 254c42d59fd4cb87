// Exact money. Amounts arrive as decimal strings and stay exact: they are added and compared as bigint, and only
// `approximate` (for pixels on a chart) ever turns one into a float.

/** An exact amount: a decimal string in major units and its ISO 4217 code. */
export type Money = { amount: string; currency: string }

type Scaled = { units: bigint; scale: number }

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/

function scaled(amount: string): Scaled {
  const match = DECIMAL.exec(amount)
  if (!match) throw new RangeError(`not a decimal amount: "${amount}"`)
  const [, sign = '', whole = '0', fraction = ''] = match
  const units = BigInt(whole + fraction)
  return { units: sign === '-' ? -units : units, scale: fraction.length }
}

function rescale({ units, scale }: Scaled, to: number): bigint {
  return units * 10n ** BigInt(to - scale)
}

function print(units: bigint, scale: number): string {
  const negative = units < 0n
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale > 0 ? `.${digits.slice(-scale)}` : ''
  return `${negative ? '-' : ''}${whole}${fraction}`
}

export function zero(currency: string): Money {
  return { amount: '0', currency }
}

/** The exact sum. Throws a RangeError when currencies differ: adding pounds to euros is a bug, not a number. */
export function sumMoney(first: Money, ...rest: Money[]): Money {
  return rest.reduce((total, next) => {
    if (next.currency !== total.currency) throw new RangeError(`cannot add ${next.currency} to ${total.currency}`)
    const left = scaled(total.amount)
    const right = scaled(next.amount)
    const scale = Math.max(left.scale, right.scale)
    return { amount: print(rescale(left, scale) + rescale(right, scale), scale), currency: total.currency }
  }, first)
}

/** `amount` taken `count` times; `count` is a whole number. */
export function times(money: Money, count: bigint | number): Money {
  const { units, scale } = scaled(money.amount)
  return { amount: print(units * BigInt(count), scale), currency: money.currency }
}

export function negate(money: Money): Money {
  return times(money, -1n)
}

/** Negative, zero or positive, as for `Array.sort`. Throws a RangeError when currencies differ. */
export function compareMoney(left: Money, right: Money): number {
  if (left.currency !== right.currency) throw new RangeError(`cannot compare ${left.currency} with ${right.currency}`)
  const a = scaled(left.amount)
  const b = scaled(right.amount)
  const scale = Math.max(a.scale, b.scale)
  const difference = rescale(a, scale) - rescale(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** -1, 0 or 1. */
export function signOf(money: Money): number {
  const { units } = scaled(money.amount)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

/** A float near the amount, for positions and widths on screen only. */
export function approximate(money: Money): number {
  return Number(money.amount)
}

/** Is this text an amount a person may type ("12", "12.5", "12,50")? Gives the canonical decimal, or null. */
export function parseTyped(text: string): string | null {
  const canonical = text.trim().replace(',', '.')
  return DECIMAL.test(canonical) && !canonical.startsWith('+') ? canonical : null
}
