// Sentences of the server, written the way the reader writes numbers. The server states every figure plainly and exactly
// ("1292.47 GBP", "2026-11-21", "10.0 %"); only the browser knows that this reader expects "£1,292.47".

import { formatDay, isDay } from '~/lib/days'
import { formatMoney, formatRatio } from '~/lib/format'

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

const AMOUNT = String.raw`[+−-]?\d+(?:\.\d+)?`
const DAY = /(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])/g
/** One amount, or both ends of "19 to 20.90 GBP"; then, a few plain words on, the interval of the same amount. */
const MONEY = new RegExp(
  String.raw`(?<![\w.])(?:(${AMOUNT})( to | and |–))?(${AMOUNT}) ([A-Z]{3})\b(?:([a-z ]{1,24})\((${AMOUNT})(–| to )(${AMOUNT})\))?`,
  'g',
)
const PERCENT = /(?<![\w.–])([+−-]?)(\d+(?:\.\d+)?) ?%/g
const HYPHEN = /(?<![\w.–])-(?=\d)/g
const SINGLE = /(?<![\d.,–])1 (day|week|month|year|unit|product|review)s\b/g

function money(amount: string, currency: string): string {
  return formatMoney(
    { amount: amount.replace('−', '-').replace('+', ''), currency },
    { signed: amount.startsWith('+') },
  )
}

/** "Raise the price from 19 to 20.90 GBP (10.0 %)" → "Raise the price from £19.00 to £20.90 (10%)". */
export function prose(text: string): string {
  return text
    .replace(DAY, (day) => (isDay(day) ? formatDay(day) : day))
    .replace(MONEY, (whole, first, joint, amount, currency, words, low, until, high) => {
      if (!CURRENCIES.has(currency)) return whole
      const start = first === undefined ? '' : `${money(first, currency)}${joint}`
      const range = words === undefined ? '' : `${words}(${between(low, until, high, currency)})`
      return `${start}${money(amount, currency)}${range}`
    })
    .replace(PERCENT, (_, sign, number) => `${sign === '-' ? '−' : sign}${formatRatio(Number(number) / 100)}`)
    .replace(HYPHEN, '−')
    .replace(SINGLE, '1 $1')
}

/** A dash after a minus reads badly: "−£17.27 to £205.89". */
function between(low: string, until: string, high: string, currency: string): string {
  const isSigned = /^[−-]/.test(low)
  return `${money(low, currency)}${isSigned ? ' to ' : until}${money(high, currency)}`
}

/** For words in the middle of a sentence. */
export function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** A note as a sentence that stands alone: a capital, and a full stop where no mark ends it. Its figures stay as they are. */
export function asSentence(text: string): string {
  const note = text.trim()
  if (note === '') return ''
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}${/[.!?…]$/.test(note) ? '' : '.'}`
}

/** Both: a sentence that stands alone, written for the reader. */
export function sentence(text: string): string {
  return asSentence(prose(text))
}
