// The elasticity curve as a chart: expected units, revenue or margin of 28 days by price.

import type { CurvePoint, ElasticityDetail } from '~/api/types'
import type { Twin } from '~/charts/chart-panel'
import type { ChartSpec, Mark, Region } from '~/charts/spec'
import { formatExpected, formatMoneyNumber } from '~/lib/format'

export type CurveMeasure = 'margin' | 'revenue' | 'units'

export const CURVE_TITLES: Record<CurveMeasure, string> = { margin: 'Margin', revenue: 'Revenue', units: 'Units' }

/** The measure of so many units sold at a point of the curve. */
function worth(point: CurvePoint, units: number, measure: CurveMeasure, cost: number | null): number | null {
  if (measure === 'units') return units
  if (measure === 'revenue') return units * point.price
  return cost === null ? null : units * (point.price - cost)
}

export function curveSpec(detail: ElasticityDetail, measure: CurveMeasure, price: number): ChartSpec {
  const { curve, unit_cost: cost, currency } = detail
  const money = (value: number) => formatMoneyNumber(value, currency)
  const isMoney = measure !== 'units'
  const format = (value: number) =>
    isMoney ? formatMoneyNumber(value, currency, { precision: 'whole' }) : `${formatExpected(value)} units`
  return {
    x: curve.map((point) => point.price),
    axis: 'number',
    lines: [
      {
        label: `Expected ${CURVE_TITLES[measure].toLowerCase()}`,
        colour: 'accent',
        width: 2,
        values: curve.map((point) => worth(point, point.units, measure, cost)),
      },
    ],
    bands: [
      {
        label: '80% interval',
        colour: 'accent',
        opacity: 0.14,
        low: curve.map((point) => worth(point, point.units_low80, measure, cost)),
        high: curve.map((point) => worth(point, point.units_high80, measure, cost)),
      },
    ],
    regions: neverTried(detail),
    marks: priceMarks(detail.current_price, price, money),
    formatX: money,
    formatTick: isMoney ? (value) => formatMoneyNumber(value, currency, { precision: 'compact' }) : formatExpected,
    formatValue: format,
    fromZero: measure !== 'margin',
  }
}

function neverTried({ curve, support }: ElasticityDetail): Region[] {
  const first = curve[0]?.price
  const last = curve.at(-1)?.price
  if (first === undefined || last === undefined) return []
  const regions: Region[] = [
    { from: first, to: support.low, kind: 'shade', text: 'Never tried' },
    { from: support.high, to: last, kind: 'shade', text: 'Never tried' },
  ]
  return regions.filter(({ from, to }) => to > from)
}

/** The lower price is labelled to its left, the higher to its right: they cannot collide. */
function priceMarks(now: number, chosen: number, money: (value: number) => string): Mark[] {
  const current: Mark = { x: now, text: `Now ${money(now)}`, emphasis: true, colour: 'muted' }
  if (Math.abs(chosen - now) < 0.005) return [current]
  const side = chosen > now
  return [
    { ...current, align: side ? 'right' : 'left' },
    { x: chosen, text: money(chosen), emphasis: true, colour: 'accentText', align: side ? 'left' : 'right' },
  ]
}

export function curveTwin({ curve, currency }: ElasticityDetail): Twin {
  const money = (value: number | null) =>
    value === null ? '' : formatMoneyNumber(value, currency, { precision: 'whole' })
  return {
    columns: ['Price', 'Units', 'Low 80%', 'High 80%', 'Revenue', 'Margin', 'Tried'],
    rows: curve.map((point) => [
      formatMoneyNumber(point.price, currency),
      formatExpected(point.units),
      formatExpected(point.units_low80),
      formatExpected(point.units_high80),
      money(point.revenue),
      money(point.margin),
      point.extrapolated ? 'never' : 'yes',
    ]),
  }
}
