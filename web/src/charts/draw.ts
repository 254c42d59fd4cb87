// What uPlot does not draw: shaded and hatched regions, marks, guides and the labels at the ends of lines.

import type uPlot from 'uplot'
import { type Colours, fade } from '~/charts/colours'
import type { ChartSpec, Guide, Mark, Region } from '~/charts/spec'

const FONT = '"Inter Variable", system-ui, sans-serif'
const LABEL_GAP = 14

function scale(): number {
  return devicePixelRatio || 1
}

function font(size: number, weight = 500): string {
  return `${weight} ${size * scale()}px ${FONT}`
}

/** Under the lines. */
export function drawUnder(plot: uPlot, spec: ChartSpec, colours: Colours) {
  for (const region of spec.regions ?? []) drawRegion(plot, region, colours)
}

/** Over the lines. */
export function drawOver(plot: uPlot, spec: ChartSpec, colours: Colours) {
  for (const guide of spec.guides ?? []) drawGuide(plot, guide, colours)
  for (const mark of spec.marks ?? []) drawMark(plot, mark, colours)
  drawEndLabels(plot, spec, colours)
}

function hatchPattern(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const size = 7 * scale()
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const pen = tile.getContext('2d')
  if (!pen) return null
  pen.strokeStyle = colour
  pen.lineWidth = scale()
  pen.beginPath()
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size)
    pen.lineTo(shift + size, 0)
  }
  pen.stroke()
  return context.createPattern(tile, 'repeat')
}

function drawRegion(plot: uPlot, region: Region, colours: Colours) {
  const { ctx, bbox } = plot
  const left = Math.max(bbox.left, plot.valToPos(region.from, 'x', true))
  const right = Math.min(bbox.left + bbox.width, plot.valToPos(region.to, 'x', true))
  if (right <= left) return
  ctx.save()
  ctx.fillStyle = fade(colours.sunken, region.kind === 'shade' ? 0.85 : 0.5)
  ctx.fillRect(left, bbox.top, right - left, bbox.height)
  const pattern = region.kind === 'hatch' ? hatchPattern(ctx, fade(colours.hatch, 0.55)) : null
  if (pattern) {
    ctx.fillStyle = pattern
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
  }
  ctx.font = font(10.5)
  if (region.text && ctx.measureText(region.text).width < right - left - 12 * scale()) {
    ctx.fillStyle = colours.muted
    ctx.textAlign = 'left'
    ctx.textBaseline = 'bottom'
    ctx.fillText(region.text, left + 6 * scale(), bbox.top + bbox.height - 6 * scale())
  }
  ctx.restore()
}

function drawGuide(plot: uPlot, guide: Guide, colours: Colours) {
  const { ctx, bbox } = plot
  const y = plot.valToPos(guide.y, 'y', true)
  if (y < bbox.top || y > bbox.top + bbox.height) return
  ctx.save()
  ctx.strokeStyle = colours[guide.colour]
  ctx.lineWidth = scale()
  ctx.setLineDash([2 * scale(), 3 * scale()])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.font = font(10.5)
  ctx.fillStyle = colours.muted
  ctx.textAlign = 'left'
  ctx.textBaseline = 'bottom'
  // A rim in the colour of the surface keeps the words readable where the line runs through them.
  ctx.setLineDash([])
  ctx.lineJoin = 'round'
  ctx.strokeStyle = colours.surface
  ctx.lineWidth = 4 * scale()
  ctx.strokeText(guide.text, bbox.left + 4 * scale(), y - 3 * scale())
  ctx.fillText(guide.text, bbox.left + 4 * scale(), y - 3 * scale())
  ctx.restore()
}

function drawMark(plot: uPlot, mark: Mark, colours: Colours) {
  const { ctx, bbox } = plot
  const x = plot.valToPos(mark.x, 'x', true)
  if (x < bbox.left || x > bbox.left + bbox.width) return
  const colour = colours[mark.colour ?? 'muted']
  ctx.save()
  ctx.strokeStyle = fade(colour, mark.emphasis ? 0.9 : 0.45)
  ctx.lineWidth = (mark.emphasis ? 1.5 : 1) * scale()
  if (!mark.emphasis) ctx.setLineDash([2 * scale(), 3 * scale()])
  ctx.beginPath()
  ctx.moveTo(x, bbox.top + (mark.emphasis ? 0 : 5 * scale()))
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  if (mark.emphasis) {
    ctx.font = font(11, 600)
    ctx.fillStyle = colour
    ctx.textBaseline = 'bottom'
    ctx.textAlign = mark.align ?? 'center'
    const nudge = (mark.align === 'left' ? 3 : mark.align === 'right' ? -3 : 0) * scale()
    ctx.fillText(mark.text, x + nudge, bbox.top - 3 * scale())
  } else {
    ctx.fillStyle = colour
    ctx.beginPath()
    ctx.arc(x, bbox.top + 3 * scale(), 2.5 * scale(), 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.restore()
}

/** Labels sit at their line's end, pushed apart where they would overlap. */
function drawEndLabels(plot: uPlot, spec: ChartSpec, colours: Colours) {
  const { ctx, bbox } = plot
  const labels = spec.lines.flatMap((line) => {
    const last = line.values.findLast((value) => value !== null)
    if (line.endLabel === undefined || last === undefined || last === null) return []
    const colour =
      line.colour === 'rival' ? colours.muted : line.colour === 'accent' ? colours.accentText : colours[line.colour]
    return [{ text: line.endLabel, colour, y: plot.valToPos(last, 'y', true) }]
  })
  labels.sort((a, b) => a.y - b.y)
  const gap = LABEL_GAP * scale()
  const floor = bbox.top + bbox.height
  let lowest = bbox.top - gap / 2
  for (const label of labels) {
    label.y = Math.max(label.y, lowest + gap)
    lowest = label.y
  }
  const excess = Math.max(0, lowest - floor)
  ctx.save()
  ctx.font = font(11)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  for (const { text, colour, y } of labels) {
    ctx.fillStyle = colour
    ctx.fillText(text, bbox.left + bbox.width + 6 * scale(), y - excess)
  }
  ctx.restore()
}

/** Room the end labels need at the right, in CSS pixels. */
export function endLabelWidth(spec: ChartSpec): number {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) return 0
  pen.font = `500 11px ${FONT}`
  const widths = spec.lines.map((line) => (line.endLabel === undefined ? 0 : pen.measureText(line.endLabel).width + 10))
  // The last price on an axis of numbers is centred under its tick: half of it stands beyond the axis.
  return Math.ceil(Math.max(spec.axis === 'number' ? 24 : 8, ...widths))
}
