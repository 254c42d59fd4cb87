import type { ChartSpec } from '~/charts/spec'
import styles from './tooltip.module.css'

type Props = { spec: ChartSpec; index: number; left: number; width: number }

/** Everything the chart says at one x, beside the crosshair and never under the pointer. */
export function Tooltip({ spec, index, left, width }: Props) {
  const x = spec.x[index]
  if (x === undefined) return null
  const lines = spec.lines.flatMap(({ label, colour, values, quiet }) => {
    const value = values[index]
    return quiet || value === null || value === undefined ? [] : [{ label, colour, text: spec.formatValue(value) }]
  })
  // The narrower interval first: it is the one to remember.
  const bands = (spec.bands ?? []).toReversed().flatMap(({ label, low, high }) => {
    const from = low[index]
    const to = high[index]
    if (typeof from !== 'number' || typeof to !== 'number' || from === to) return []
    return [{ label, text: `${spec.formatValue(from)} – ${spec.formatValue(to)}` }]
  })
  const events = (spec.marks ?? []).filter((mark) => mark.x === x && !mark.emphasis)
  const inRegion = (spec.regions ?? []).filter((region) => region.text && x >= region.from && x <= region.to)
  if (lines.length + bands.length + events.length === 0) return null
  const side = left > width / 2 ? { right: width - left + 12 } : { left: left + 12 }
  return (
    <div className={styles.tooltip} style={side} aria-hidden>
      <p className={styles.head}>{spec.formatX(x)}</p>
      {lines.map(({ label, colour, text }) => (
        <p key={label} className={styles.row}>
          <span className={styles.key} data-colour={colour} />
          <span className={styles.label}>{label}</span>
          <span className={styles.value}>{text}</span>
        </p>
      ))}
      {bands.map(({ label, text }) => (
        <p key={label} className={styles.row}>
          <span className={styles.key} />
          <span className={styles.label}>{label}</span>
          <span className={styles.band}>{text}</span>
        </p>
      ))}
      {events.map(({ text }) => (
        <p key={text} className={styles.event}>
          {text}
        </p>
      ))}
      {inRegion.map(({ text, from }) => (
        <p key={from} className={styles.event}>
          {text}
        </p>
      ))}
    </div>
  )
}
