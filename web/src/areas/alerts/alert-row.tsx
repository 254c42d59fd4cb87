import type { Alert } from '~/api/types'
import { formatMoneyBrief } from '~/lib/format'
import { prose, sentence } from '~/lib/prose'
import { SeverityGlyph } from '~/ui/severity'
import { When } from '~/ui/when'
import styles from './alert-row.module.css'

export function AlertRow({ alert }: { alert: Alert }) {
  return (
    <span className={styles.row} data-seen={alert.state === 'acknowledged' || undefined}>
      <SeverityGlyph severity={alert.severity} />
      <span className={styles.text}>
        <span className={styles.subject}>
          <span className={styles.title}>{prose(alert.title)}</span>
          {alert.product_title && <span className={styles.product}>{alert.product_title}</span>}
        </span>
        <span className={styles.sentence}>{sentence(alert.sentence)}</span>
      </span>
      <span className={styles.end}>
        <span className={styles.stake}>{alert.money_at_stake && formatMoneyBrief(alert.money_at_stake)}</span>
        <span className={styles.when}>
          {alert.state === 'acknowledged' && 'seen · '}
          <When at={alert.opened_at} />
        </span>
      </span>
    </span>
  )
}
