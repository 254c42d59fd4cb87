import type { Kpi } from '~/api/types'
import { formatCompact, formatCount, formatMoneyNumber, formatRatio } from '~/lib/format'

export type MeasureUnit = Pick<Kpi, 'unit' | 'currency'>

/** A value of a measure with its unit. An amount without a currency would be a number without a unit: it is written as one. */
export function formatMeasure({ unit, currency }: MeasureUnit, value: number): string {
  if (unit === 'money' && currency !== null) {
    return formatMoneyNumber(value, currency, { precision: Math.abs(value) >= 1000 ? 'whole' : 'exact' })
  }
  if (unit === 'ratio') return formatRatio(value)
  if (unit === 'days') return `${formatCount(value, 1)} days`
  return formatCount(value, unit === 'money' ? 2 : 0)
}

/** The same for an axis: short. */
export function formatMeasureTick({ unit, currency }: MeasureUnit, value: number): string {
  if (unit === 'money' && currency !== null) return formatMoneyNumber(value, currency, { precision: 'compact' })
  return unit === 'ratio' ? formatRatio(value) : formatCompact(value)
}
