import { Link } from '@tanstack/react-router'
import type { Alert } from '~/api/types'
import { prose, sentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import { SeverityGlyph } from '~/ui/severity'
import { When } from '~/ui/when'
import styles from './side.module.css'

export function ProductAlerts({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <Panel title="Alerts" flush>
      {alerts.length === 0 && <p className={styles.none}>Everything is inside its expected range.</p>}
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Link to="/alerts" search={{ open: alert.id }} className={styles.alert}>
              <SeverityGlyph severity={alert.severity} />
              <span className={styles.alertText}>
                <strong>{prose(alert.title)}.</strong> {sentence(alert.sentence)}
              </span>
              <span className={styles.when}>
                <When at={alert.opened_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
