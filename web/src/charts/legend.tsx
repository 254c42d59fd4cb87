import type { Band, ChartSpec, Line } from '~/charts/spec'
import styles from './legend.module.css'

/** What each stroke means, by its shape as well as its colour. */
export function Legend({ spec }: { spec: ChartSpec }) {
  const lines = spec.lines.filter((line) => !line.quiet && hasValue(line.values))
  const bands = (spec.bands ?? []).filter((band) => hasValue(band.low)).toReversed()
  return (
    <ul className={styles.legend} aria-label="Legend">
      {lines.map((line) => (
        <li key={line.label} className={styles.entry}>
          <Stroke line={line} />
          {line.label}
        </li>
      ))}
      {bands.map((band) => (
        <li key={band.label} className={styles.entry}>
          <Area band={band} />
          {band.label}
        </li>
      ))}
      {spec.regions?.some(({ kind }) => kind === 'hatch') && (
        <li className={styles.entry}>
          <span className={styles.hatch} />
          Out of stock, demand unknown
        </li>
      )}
    </ul>
  )
}

function hasValue(values: Line['values']): boolean {
  return values.some((value) => value !== null)
}

function Stroke({ line: { colour, shape = 'line' } }: { line: Line }) {
  return <span className={styles.stroke} data-colour={colour} data-shape={shape} />
}

/** The wider interval lies under the narrower one: it is the lighter of the two, as in the chart. */
function Area({ band: { opacity } }: { band: Band }) {
  return <span className={styles.area} style={{ opacity: Math.min(1, opacity * 2.4) }} />
}
