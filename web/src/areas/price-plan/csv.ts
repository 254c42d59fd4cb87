// The changes of a plan as a file for a spreadsheet or a shop's price import.

import type { PlanChange } from '~/api/price-plan'

const COLUMNS = ['sku', 'title', 'currency', 'price_now', 'price', 'units_now', 'units', 'margin_gain'] as const

/** A cell that a spreadsheet neither splits nor runs as a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function changesCsv(changes: readonly PlanChange[]): string {
  const rows = changes.map((each) => [
    each.sku,
    each.product_title,
    each.price.currency,
    each.price_now.amount,
    each.price.amount,
    each.units_now.toFixed(2),
    each.units.toFixed(2),
    each.gain.amount,
  ])
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
