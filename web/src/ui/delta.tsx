import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react'
import { formatRatio } from '~/lib/format'
import styles from './delta.module.css'

export type Better = 'up' | 'down' | 'neutral'

type Props = { ratio: number | null; better?: Better; title?: string }

function toneOf(ratio: number, better: Better): 'gain' | 'loss' | 'plain' {
  if (better === 'neutral' || Math.abs(ratio) < 0.0005) return 'plain'
  return ratio > 0 === (better === 'up') ? 'gain' : 'loss'
}

/** A change as sign, arrow and colour: any one of the three is enough to read it. */
export function Delta({ ratio, better = 'up', title }: Props) {
  if (ratio === null) {
    return (
      <span className={styles.plain} title={title ?? 'Nothing to compare with'}>
        –
      </span>
    )
  }
  const flat = Math.abs(ratio) < 0.0005
  const Arrow = flat ? IconMinus : ratio > 0 ? IconArrowUpRight : IconArrowDownRight
  return (
    <span className={`${styles.delta} ${styles[toneOf(ratio, better)]}`} title={title}>
      <Arrow size={13} stroke={2} aria-hidden />
      {formatRatio(ratio, { signed: true, ...(Math.abs(ratio) >= 1 ? { digits: 0 } : { digits: 1, least: 1 }) })}
    </span>
  )
}
