// A ChartSpec as uPlot options and data.

import uPlot from 'uplot'
import { type Colours, fade } from '~/charts/colours'
import { keepExtremes } from '~/charts/downsample'
import { drawOver, drawUnder, endLabelWidth } from '~/charts/draw'
import type { ChartSpec, Line, Values } from '~/charts/spec'

const DAY_S = 86_400
const DAY_STEPS = [1, 2, 7, 14, 30, 60, 90, 180, 365].map((days) => days * DAY_S)
const AXIS_FONT = '11px "Inter Variable", system-ui, sans-serif'

export type Built = { options: uPlot.Options; data: uPlot.AlignedData; kept: number[] }

export type Size = { width: number; height: number }

export function build(spec: ChartSpec, colours: Colours, size: Size, syncKey: string | undefined): Built {
  const bands = spec.bands ?? []
  const kept = keepExtremes(spec.lines[0]?.values ?? [], size.width * 2)
  const pick = (values: Values) => kept.map((index) => values[index] ?? null)
  const data: uPlot.AlignedData = [
    kept.map((index) => spec.x[index] ?? 0),
    ...bands.flatMap((band) => [pick(band.high), pick(band.low)]),
    ...spec.lines.map((line) => pick(line.values)),
  ]
  const hasEmphasis = spec.marks?.some((mark) => mark.emphasis)
  const options: uPlot.Options = {
    ...size,
    padding: [hasEmphasis ? 20 : 10, endLabelWidth(spec), 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      // No points on the rims of the bands, which are strokes nobody sees.
      points: { size: (_plot, series) => (series <= 2 * bands.length ? 0 : 7), width: 2, stroke: colours.surface },
      ...(syncKey === undefined ? {} : { sync: { key: syncKey, setSeries: false } }),
    },
    scales: {
      x: { time: spec.axis === 'days' },
      y: { range: (_plot, low, high) => yRange(spec, low, high) },
    },
    axes: axes(spec, colours, size.width),
    bands: bands.map((band, index) => ({
      series: [1 + 2 * index, 2 + 2 * index],
      fill: fade(colours[band.colour], band.opacity * colours.bandStrength),
    })),
    series: [{}, ...bands.flatMap(() => [unseen, unseen]), ...spec.lines.map((line) => stroke(line, colours))],
    hooks: {
      drawClear: [(plot) => drawUnder(plot, spec, colours)],
      draw: [(plot) => drawOver(plot, spec, colours)],
    },
  }
  return { options, data, kept }
}

const unseen: uPlot.Series = { points: { show: false }, stroke: 'transparent', width: 0 }

function yRange(spec: ChartSpec, low: number | null, high: number | null): [number, number] {
  const levels = (spec.guides ?? []).map((guide) => guide.y)
  const top = Math.max(high ?? 1, ...levels)
  const bottom = Math.min(low ?? 0, ...levels)
  if (spec.fromZero) return [Math.min(0, bottom), top <= 0 ? 1 : top * 1.06]
  const room = (top - bottom || Math.abs(top) || 1) * 0.1
  return [bottom - room, top + room]
}

function axes(spec: ChartSpec, colours: Colours, width: number): uPlot.Axis[] {
  const common: uPlot.Axis = { stroke: colours.muted, font: AXIS_FONT, ticks: { show: false } }
  const x: uPlot.Axis = {
    ...common,
    size: 26,
    gap: 6,
    space: width < 480 ? 62 : 84,
    grid: { show: false },
    values: (_plot, splits) => splits.map((at) => spec.formatX(at)),
  }
  return [
    spec.axis === 'days' ? { ...x, incrs: DAY_STEPS, values: (_plot, splits) => splits.map(tickOfDay) } : x,
    {
      ...common,
      gap: 8,
      space: 34,
      size: (_plot, values) => 14 + 6.6 * Math.max(1, ...(values ?? []).map((value) => value?.length ?? 0)),
      grid: { stroke: colours.grid, width: 1 },
      values: (_plot, splits) => splits.map(spec.formatTick),
    },
  ]
}

const dayTick = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const yearTick = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric', timeZone: 'UTC' })

function tickOfDay(seconds: number): string {
  const date = new Date(seconds * 1000)
  return date.getUTCDate() === 1 && date.getUTCMonth() === 0 ? yearTick.format(date) : dayTick.format(date)
}

const bars = uPlot.paths.bars?.({ size: [0.72, 12], radius: 0.15 })
const stepped = uPlot.paths.stepped?.({ align: 1 })

function stroke(line: Line, colours: Colours): uPlot.Series {
  const colour = colours[line.colour]
  const common: uPlot.Series = {
    label: line.label,
    stroke: colour,
    width: line.width ?? 1.75,
    points: { show: line.shape === 'dots', size: 6, fill: colours.surface, stroke: colour },
  }
  if (line.shape === 'dots') return { ...common, width: 0 }
  if (line.shape === 'dashed') return { ...common, dash: [4, 4], width: line.width ?? 1.25 }
  if (line.shape === 'step' && stepped) return { ...common, paths: stepped }
  if (line.shape === 'bars' && bars) return { ...common, paths: bars, width: 0, fill: fade(colour, 0.62) }
  if (line.shape === 'area') return { ...common, fill: fade(colour, 0.07 * colours.bandStrength) }
  return common
}
