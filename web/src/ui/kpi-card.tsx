import { Tooltip } from '@mantine/core'
import { IconClockHour4, IconInfoCircle } from '@tabler/icons-react'
import type { Kpi } from '~/api/types'
import { formatMoney } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { Delta } from '~/ui/delta'
import { formatMeasure } from '~/ui/measure-format'
import { Sparkline } from '~/ui/sparkline'
import styles from './kpi-card.module.css'

/** Exact where the server said so: digits beyond a float's are kept. */
function shownValue(kpi: Kpi, value: number): string {
  if (kpi.unit !== 'money' || kpi.currency === null || kpi.exact === null) return formatMeasure(kpi, value)
  const precision = Math.abs(value) >= 1000 ? 'whole' : 'exact'
  return formatMoney({ amount: kpi.exact, currency: kpi.currency }, { precision })
}

function exactTitle(kpi: Kpi): string | undefined {
  if (kpi.exact === null || kpi.currency === null) return undefined
  return formatMoney({ amount: kpi.exact, currency: kpi.currency })
}

const PARTIAL = 'The last day is not over yet'

/** A number, what it was before, and its recent shape. */
export function KpiCard({ kpi }: { kpi: Kpi }) {
  return (
    <span className={styles.card}>
      <span className={styles.title}>
        <span className={styles.name}>{kpi.title}</span>
        {kpi.note && (
          <Tooltip label={sentence(kpi.note)}>
            <IconInfoCircle size={13} stroke={1.8} aria-label={sentence(kpi.note)} role="img" />
          </Tooltip>
        )}
        {kpi.is_partial && (
          <Tooltip label={PARTIAL}>
            <IconClockHour4 size={13} stroke={1.8} aria-label={PARTIAL} role="img" />
          </Tooltip>
        )}
      </span>
      <span className={styles.value} title={exactTitle(kpi)}>
        {kpi.value === null ? <span className={styles.none}>No data</span> : shownValue(kpi, kpi.value)}
      </span>
      <span className={styles.foot}>
        {kpi.previous !== null && <Delta ratio={kpi.delta} better={kpi.better} title="Against the comparison" />}
        <Sparkline values={kpi.spark} width={48} height={22} />
      </span>
      {kpi.previous !== null && <span className={styles.before}>from {formatMeasure(kpi, kpi.previous)}</span>}
    </span>
  )
}
