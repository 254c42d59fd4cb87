import { memo } from 'react'

type Props = { values: readonly (number | null)[]; width?: number; height?: number; muted?: boolean }

const INSET = 2

/** The shape of the last weeks, without axes. Decoration beside the number it belongs to, hidden from screen readers. */
export const Sparkline = memo(function Sparkline({ values, width = 88, height = 26, muted = false }: Props) {
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
