import { Button } from '@mantine/core'
import { IconArrowBackUp, IconArrowRight, IconBellOff, IconCheck, IconEye } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Handling } from '~/api/alerts'
import type { AnomalyKey } from '~/api/anomalies'
import { productQuery } from '~/api/products'
import type { Alert } from '~/api/types'
import { isAboutPrice } from '~/areas/alerts/kinds'
import { demandSpec } from '~/areas/products/detail/demand-spec'
import { priceSpec } from '~/areas/products/detail/price-spec'
import { useNotUnusual } from '~/areas/products/detail/use-not-unusual'
import { EvidenceList } from '~/areas/recommendations/evidence'
import { LineChart } from '~/charts/line-chart'
import { may } from '~/lib/access'
import { dayIn, formatDay } from '~/lib/days'
import { formatMoneyBrief } from '~/lib/format'
import { prose, sentence } from '~/lib/prose'
import { AppLink } from '~/ui/app-link'
import { Detail } from '~/ui/detail'
import { SEVERITY_TITLES, SeverityGlyph } from '~/ui/severity'
import { Bone } from '~/ui/skeleton'
import { SnoozeMenu } from '~/ui/snooze-menu'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './alert-detail.module.css'

type Props = { alert: Alert; onHandle: (handling: Handling) => void }

const DAYS = 90
const CHART_PX = 200

/** Since when, how much money, the probable cause, and the button. */
export function AlertDetail({ alert, onHandle }: Props) {
  const zone = useMe().merchant.time_zone
  const { severity, title, sku, product_title: product, cause, money_at_stake: stake } = alert
  return (
    <Detail
      kind={
        <>
          <SeverityGlyph severity={severity} size={15} />
          {SEVERITY_TITLES[severity]}
        </>
      }
      title={prose(title)}
      sku={sku}
      product={product}
    >
      <p className={styles.sentence}>{sentence(alert.sentence)}</p>
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
          <dd>{cause === null ? 'Not known' : sentence(cause)}</dd>
        </div>
        {alert.coincides_with && (
          <div>
            <dt>Coincides with</dt>
            <dd>{sentence(alert.coincides_with)}</dd>
          </div>
        )}
      </dl>
      <Actions alert={alert} onHandle={onHandle} />
      {sku && <Series sku={sku} kind={alert.kind} />}
      <EvidenceList evidence={alert.evidence.filter(({ value }) => value !== product)} />
    </Detail>
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
          {alert.anomaly && <NotUnusual anomaly={alert.anomaly} />}
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

/** Closes the alert and keeps its like quiet. */
function NotUnusual({ anomaly }: { anomaly: AnomalyKey }) {
  const { say, isBusy } = useNotUnusual()
  return (
    <Button
      variant="default"
      leftSection={<IconBellOff size={14} />}
      disabled={isBusy}
      onClick={() => say(anomaly, true)}
    >
      Not unusual
    </Button>
  )
}

/** The series the alert is about: prices where it is about a price, sales with what was expected elsewhere. */
function Series({ sku, kind }: { sku: string; kind: string }) {
  const { currency, time_zone: zone } = useMe().merchant
  const product = useQuery(productQuery(sku)).data
  const spec = useMemo(() => {
    if (!product) return null
    return isAboutPrice(kind) ? priceSpec(product, currency, zone) : demandSpec(product.demand, DAYS)
  }, [product, kind, currency, zone])
  if (spec === null) return <Waiting sku={sku} />
  if (spec.x.length === 0) return null
  const caption = isAboutPrice(kind) ? 'Your price, rivals and unit cost' : 'Units sold and expected, by day'
  return (
    <figure className={styles.figure}>
      <figcaption>{caption}</figcaption>
      <LineChart spec={spec} height={CHART_PX} label={caption} />
    </figure>
  )
}

/** As tall as the figure that takes its place; a product that cannot be read leaves none. */
function Waiting({ sku }: { sku: string }) {
  const isLost = useQuery(productQuery(sku)).isError
  return isLost ? null : <Bone height={CHART_PX + 21} />
}
