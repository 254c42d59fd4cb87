// What a chart shows, apart from how it is drawn. All value lists are as long as `x`; null is a gap.

import type { ColourName } from '~/charts/colours'

export type Values = readonly (number | null)[]

export type Line = {
  label: string
  values: Values
  colour: ColourName
  /** `step` holds its value until the next one (prices); `dashed` marks what is compared or not yet complete. */
  shape?: 'line' | 'step' | 'dashed' | 'area' | 'bars' | 'dots'
  width?: number
  /** Written at the line's right end instead of in a legend. */
  endLabel?: string
  /** Left out of the tooltip (helper strokes). */
  quiet?: boolean
}

/** A range around a line: the fan of a forecast. */
export type Band = { label: string; low: Values; high: Values; colour: ColourName; opacity: number }

/** A stretch of the x axis: `hatch` where sales were impossible, `shade` where nothing was ever observed. */
export type Region = { from: number; to: number; kind: 'hatch' | 'shade'; text?: string }

/** Something that happened at one x. */
export type Mark = { x: number; text: string; colour?: ColourName; emphasis?: boolean; align?: 'left' | 'right' }

/** A level to compare with, across the whole chart. */
export type Guide = { y: number; text: string; colour: ColourName }

export type ChartSpec = {
  x: readonly number[]
  /** `days`: x is seconds at UTC midnight. */
  axis: 'days' | 'number'
  lines: readonly Line[]
  bands?: readonly Band[]
  regions?: readonly Region[]
  marks?: readonly Mark[]
  guides?: readonly Guide[]
  formatX: (x: number) => string
  /** On the axis: short. */
  formatTick: (y: number) => string
  /** In the tooltip: in full. */
  formatValue: (y: number) => string
  /** Amounts start at an honest zero; prices need not. */
  fromZero: boolean
}
