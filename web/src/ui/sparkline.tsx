import { memo } from 'react'

type Props = { values: readonly (number | null)[]; width?: number; height?: number; muted?: boolean }

const INSET = 2
const POINT_PX = 1.6

/** No more points than can be told apart: neighbours become their mean, so that a year shows its course and not its noise. */
function thin(values: Props['values'], width: number): Props['values'] {
  const most = Math.floor(width / POINT_PX)
  if (values.length <= most) return values
  const size = Math.ceil(values.length / most)
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const known = values.slice(index * size, (index + 1) * size).filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
  })
}

/** The shape of the last weeks, without axes. Decoration beside the number it belongs to, hidden from screen readers. */
export const Sparkline = memo(function Sparkline({ values: all, width = 88, height = 26, muted = false }: Props) {
  const values = thin(all, width)
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return <svg width={width} height={height} aria-hidden="true" />
  const low = Math.min(...known)
  const span = Math.max(...known) - low || 1
  const step = (width - 2 * INSET) / Math.max(1, values.length - 1)
  const y = (value: number) => height - INSET - ((value - low) / span) * (height - 2 * INSET)
  const path = values
    .map((value, index) => {
      if (value === null) return ''
      const start = index === 0 || values[index - 1] === null
      return `${start ? 'M' : 'L'}${(INSET + index * step).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
  const last = values.at(-1)
  const stroke = muted ? 'var(--rival)' : 'var(--accent)'
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} fill="none" stroke={stroke} strokeWidth={1.5} strokeLinejoin="round" strokeLinecap="round" />
      {last !== null && last !== undefined && <circle cx={width - INSET} cy={y(last)} r={1.9} fill={stroke} />}
    </svg>
  )
})
