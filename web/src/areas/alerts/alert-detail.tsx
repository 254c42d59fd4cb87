import { Button } from '@mantine/core'
import { IconArrowBackUp, IconArrowRight, IconCheck, IconEye } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Handling } from '~/api/alerts'
import { productQuery } from '~/api/products'
import type { Alert } from '~/api/types'
import { demandSpec } from '~/areas/products/detail/demand-spec'
import { EvidenceList } from '~/areas/recommendations/evidence'
import { LineChart } from '~/charts/line-chart'
import { may } from '~/lib/access'
import { dayIn, formatDay } from '~/lib/days'
import { formatMoneyBrief } from '~/lib/format'
import { AppLink } from '~/ui/app-link'
import { SEVERITY_TITLES, SeverityGlyph } from '~/ui/severity'
import { Bone } from '~/ui/skeleton'
import { SnoozeMenu } from '~/ui/snooze-menu'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './alert-detail.module.css'

type Props = { alert: Alert; onHandle: (handling: Handling) => void }

const DAYS = 90

/** Since when, how much money, the probable cause, and the button. */
export function AlertDetail({ alert, onHandle }: Props) {
  const zone = useMe().merchant.time_zone
  const { severity, title, sku, product_title: product, cause, money_at_stake: stake } = alert
  return (
    <div className={styles.detail}>
      <header>
        <p className={styles.kind}>
          <SeverityGlyph severity={severity} size={15} />
          {SEVERITY_TITLES[severity]}
        </p>
        <h2 className={styles.title}>{title}</h2>
        {sku && (
          <Link to="/products/$sku" params={{ sku }} className={styles.product}>
            {product ?? sku} <span className={styles.sku}>{sku}</span>
            <IconArrowRight size={13} aria-hidden />
          </Link>
        )}
      </header>
      <p className={styles.sentence}>{alert.sentence}</p>
      <dl className={styles.facts}>
        <div>
          <dt>Since</dt>
          <dd>
            {formatDay(dayIn(zone, alert.since))}{' '}
            <span className={styles.soft}>
              noticed <When at={alert.opened_at} />
            </span>
          </dd>
        </div>
        {stake && (
          <div>
            <dt>At stake</dt>
            <dd>{formatMoneyBrief(stake)}</dd>
          </div>
        )}
        <div>
          <dt>Probable cause</dt>
          <dd>{cause ?? 'Not known'}</dd>
        </div>
      </dl>
      <Actions alert={alert} onHandle={onHandle} />
      {sku && <Series sku={sku} />}
      <EvidenceList evidence={alert.evidence} />
    </div>
  )
}

function Actions({ alert, onHandle }: Props) {
  const me = useMe()
  const { state, action, snoozed_until: until } = alert
  const canHandle = may(me, 'decisions:write')
  const isOpen = state === 'firing' || state === 'acknowledged'
  return (
    <div className={styles.actions}>
      {action && (
        <Button
          renderRoot={(props) => <AppLink href={action.link} {...props} />}
          rightSection={<IconArrowRight size={14} />}
        >
          {action.label}
        </Button>
      )}
      {canHandle && isOpen && (
        <>
          <Button
            variant="default"
            leftSection={<IconCheck size={14} />}
            onClick={() => onHandle({ action: 'resolve' })}
          >
            Resolve
          </Button>
          {state === 'firing' && (
            <Button
              variant="default"
              leftSection={<IconEye size={14} />}
              onClick={() => onHandle({ action: 'acknowledge' })}
            >
              Acknowledge
            </Button>
          )}
          <SnoozeMenu subject={alert.title} onSnooze={(day) => onHandle({ action: 'snooze', until: day })} />
        </>
      )}
      {canHandle && !isOpen && (
        <>
          <span className={styles.soft}>
            {state === 'snoozed' && until
              ? `Snoozed until ${formatDay(dayIn(me.merchant.time_zone, until))}`
              : 'Resolved'}
          </span>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            onClick={() => onHandle({ action: 'undo' })}
          >
            Open again
          </Button>
        </>
      )}
    </div>
  )
}

/** The series the alert is about, with what was expected. */
function Series({ sku }: { sku: string }) {
  const product = useQuery(productQuery(sku))
  const demand = product.data?.demand
  const spec = useMemo(() => demand && demandSpec(demand, DAYS), [demand])
  if (product.isPending) return <Bone height={200} />
  if (!spec || spec.x.length === 0) return null
  return (
    <figure className={styles.figure}>
      <figcaption>Units sold and expected, by day</figcaption>
      <LineChart spec={spec} height={200} label="Units sold and expected, by day" />
    </figure>
  )
}
