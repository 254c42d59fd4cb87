import type { Kpi } from '~/api/types'
import { KpiCard } from '~/ui/kpi-card'
import styles from './kpi-strip.module.css'

/** Where each number leads: the rows it is made of. */
const DRILLS: Record<string, string> = {
  net_revenue: '/products?sort=-revenue',
  gross_revenue: '/products?sort=-revenue',
  units: '/products?sort=-units',
  margin: '/products?sort=-margin_rate',
}

export function KpiStrip({ kpis }: { kpis: readonly Kpi[] }) {
  return (
    <ul className={styles.strip} aria-label="Key figures">
      {kpis.map((kpi) => (
        <li key={kpi.measure} className={styles.cell}>
          <KpiCard kpi={kpi} href={DRILLS[kpi.measure]} />
        </li>
      ))}
    </ul>
  )
}
