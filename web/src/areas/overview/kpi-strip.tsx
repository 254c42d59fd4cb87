import { Link } from '@tanstack/react-router'
import type { Kpi } from '~/api/types'
import { KpiCard } from '~/ui/kpi-card'
import styles from './kpi-strip.module.css'

type Props = { kpis: readonly Kpi[]; shown: string }

/** The numbers of the period. Each opens its course and its parts below. */
export function KpiStrip({ kpis, shown }: Props) {
  return (
    <ul className={styles.strip} aria-label="Key figures">
      {kpis.map((kpi) => (
        <li key={kpi.measure} className={styles.cell}>
          <Link
            to="/"
            search={(now) => ({ ...now, measure: kpi.measure })}
            replace
            resetScroll={false}
            className={styles.link}
            data-shown={kpi.measure === shown || undefined}
          >
            <KpiCard kpi={kpi} />
            {kpi.measure === shown && <span className="visually-hidden">, shown below</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}
