import { Tooltip } from '@mantine/core'
import { IconClockHour4, IconInfoCircle } from '@tabler/icons-react'
import type { Kpi } from '~/api/types'
import { formatCount, formatMoney, formatMoneyNumber, formatRatio } from '~/lib/format'
import { AppLink } from '~/ui/app-link'
import { Delta } from '~/ui/delta'
import { Sparkline } from '~/ui/sparkline'
import styles from './kpi-card.module.css'

function formatKpi(kpi: Kpi, value: number): string {
  const precision = Math.abs(value) >= 1000 ? 'whole' : 'exact'
  switch (kpi.unit) {
    case 'money':
      // An amount without a currency would be a number without a unit: it is written as one.
      if (kpi.currency === null) return formatCount(value, 2)
      return value === kpi.value && kpi.exact !== null
        ? formatMoney({ amount: kpi.exact, currency: kpi.currency }, { precision })
        : formatMoneyNumber(value, kpi.currency, { precision })
    case 'ratio':
      return formatRatio(value)
    case 'days':
      return `${formatCount(value, 1)} days`
    default:
      return formatCount(value)
  }
}

function exactTitle(kpi: Kpi): string | undefined {
  if (kpi.exact === null || kpi.currency === null) return undefined
  return formatMoney({ amount: kpi.exact, currency: kpi.currency })
}

const PARTIAL = 'The last day is not over yet'

type Props = { kpi: Kpi; href?: string | undefined }

/** A number, what it was before, its recent shape, and the way to its rows. */
export function KpiCard({ kpi, href }: Props) {
  const body = (
    <>
      <span className={styles.title}>
        {kpi.title}
        {kpi.note && (
          <Tooltip label={kpi.note}>
            <IconInfoCircle size={13} stroke={1.8} aria-label={kpi.note} role="img" />
          </Tooltip>
        )}
        {kpi.is_partial && (
          <Tooltip label={PARTIAL}>
            <IconClockHour4 size={13} stroke={1.8} aria-label={PARTIAL} role="img" />
          </Tooltip>
        )}
      </span>
      <span className={styles.value} title={exactTitle(kpi)}>
        {kpi.value === null ? <span className={styles.none}>No data</span> : formatKpi(kpi, kpi.value)}
      </span>
      <span className={styles.foot}>
        <span className={styles.change}>
          {kpi.previous !== null && (
            <Delta ratio={kpi.delta} better={kpi.better} title={`Before: ${formatKpi(kpi, kpi.previous)}`} />
          )}
        </span>
        <Sparkline values={kpi.spark} width={46} height={22} />
      </span>
    </>
  )
  return href === undefined ? (
    <div className={styles.card}>{body}</div>
  ) : (
    <AppLink href={href} className={styles.card}>
      {body}
    </AppLink>
  )
}
