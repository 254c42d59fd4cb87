import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import { readColours } from '~/charts/colours'
import { build } from '~/charts/options'
import type { ChartSpec } from '~/charts/spec'
import { Tooltip } from '~/charts/tooltip'
import styles from './plot.module.css'

export type PlotProps = {
  spec: ChartSpec
  /** The chart in one sentence, for those who cannot see it; its numbers are in the table beside it. */
  label: string
  height: number
  /** Charts with the same key share their crosshair. */
  syncKey?: string | undefined
  onChoose?: ((x: number) => void) | undefined
}

type Cursor = { index: number; left: number }

/** Lines, fans and events over one axis. Arrow keys move the crosshair when the chart has focus. */
export default function Plot({ spec, label, height, syncKey, onChoose }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const [width, setWidth] = useState(0)
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme changes the colours that are read.
  useEffect(() => {
    const element = frame.current
    if (!element || width === 0) return
    const { options, data, kept } = build(spec, readColours(), { width, height }, syncKey)
    const follow = (chart: uPlot) => {
      const index = chart.cursor.idx
      const at = index === null || index === undefined ? undefined : kept[index]
      setCursor(
        at === undefined ? null : { index: at, left: (chart.cursor.left ?? 0) + chart.bbox.left / devicePixelRatio },
      )
    }
    const chart = new uPlot({ ...options, hooks: { ...options.hooks, setCursor: [follow] } }, data, element)
    plot.current = chart
    return () => {
      chart.destroy()
      plot.current = null
    }
  }, [spec, width, height, syncKey, scheme])

  const onKeyDown = (event: KeyboardEvent) => {
    const chart = plot.current
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!chart || step === undefined) return
    event.preventDefault()
    const now = chart.cursor.idx ?? (step > 0 ? -1 : chart.data[0].length)
    const next = Math.max(0, Math.min(chart.data[0].length - 1, now + step))
    chart.setCursor({ left: chart.valToPos(chart.data[0][next] ?? 0, 'x'), top: 10 })
  }
  const x = cursor === null ? undefined : spec.x[cursor.index]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: clicking repeats what a control beside the chart offers.
    // biome-ignore lint/a11y/useKeyWithClickEvents: that control is the keyboard's way.
    <div className={styles.chart} style={{ height }} onClick={() => x !== undefined && onChoose?.(x)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus lets the arrow keys read the chart point by point. */}
      <div ref={frame} role="img" aria-label={label} tabIndex={0} className={styles.frame} onKeyDown={onKeyDown} />
      {cursor && <Tooltip spec={spec} index={cursor.index} left={cursor.left} width={width} />}
    </div>
  )
}
