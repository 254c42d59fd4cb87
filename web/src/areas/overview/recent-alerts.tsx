import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Alert } from '~/api/types'
import { formatMoneyBrief } from '~/lib/format'
import { prose, sentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import { SeverityGlyph } from '~/ui/severity'
import { When } from '~/ui/when'
import styles from './recent-alerts.module.css'

export function RecentAlerts({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <Panel
      flush
      title="Needs attention"
      actions={
        <Button variant="subtle" size="compact-sm" renderRoot={(props) => <Link to="/alerts" {...props} />}>
          All alerts
        </Button>
      }
    >
      {alerts.length === 0 && <p className={styles.none}>All quiet. Nothing is outside its expected range.</p>}
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Link to="/alerts" search={{ open: alert.id }} className={styles.row}>
              <SeverityGlyph severity={alert.severity} />
              <span className={styles.text}>
                <span className={styles.title}>{prose(alert.title)}</span>
                {alert.product_title && <span className={styles.product}>{alert.product_title}</span>}
                <span className={styles.sentence}>{sentence(alert.sentence)}</span>
              </span>
              <span className={styles.stake}>{alert.money_at_stake && formatMoneyBrief(alert.money_at_stake)}</span>
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
