import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { Severity } from '~/api/types'

const GLYPHS = { critical: IconAlertOctagon, warning: IconAlertTriangle, info: IconInfoCircle } as const
const COLOURS = { critical: 'var(--critical)', warning: 'var(--warning)', info: 'var(--text-3)' } as const

export const SEVERITY_TITLES: Record<Severity, string> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Information',
}

/** Shape and colour both tell the severity; its name is for screen readers and hover. */
export function SeverityGlyph({ severity, size = 16 }: { severity: Severity; size?: number }) {
  const Glyph = GLYPHS[severity]
  return (
    <span title={SEVERITY_TITLES[severity]} style={{ color: COLOURS[severity], display: 'inline-flex', flexShrink: 0 }}>
      <Glyph size={size} stroke={1.8} aria-hidden />
      <span className="visually-hidden">{SEVERITY_TITLES[severity]}</span>
    </span>
  )
}
