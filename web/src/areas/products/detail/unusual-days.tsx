import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Anomaly, anomaliesQuery, type ProductAnomalies } from '~/api/anomalies'
import { useNotUnusual } from '~/areas/products/detail/use-not-unusual'
import { may } from '~/lib/access'
import { formatDay } from '~/lib/days'
import { formatCount, plural } from '~/lib/format'
import { prose, sentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { useMe } from '~/ui/use-me'
import styles from './unusual-days.module.css'

const SHOWN_FIRST = 5
const SHIFTS_SHOWN = 2

/** Days on which this product was unlike its own past, each with the way to say that it was not. */
export function UnusualDays({ sku }: { sku: string }) {
  const anomalies = useQuery(anomaliesQuery(sku))
  return (
    <Panel title="Unusual in the last 90 days" flush>
      {anomalies.isPending && (
        <div className={styles.waiting}>
          <Bone height={44} />
        </div>
      )}
      {anomalies.isError && <ErrorState error={anomalies.error} onRetry={() => void anomalies.refetch()} />}
      {anomalies.data && (
        <>
          <Levels behaviour={anomalies.data} />
          <List items={anomalies.data.items} />
        </>
      )}
    </Panel>
  )
}

/** Where the level of demand changed for good, newest first, and whether it moves since. */
function Levels({ behaviour }: { behaviour: ProductAnomalies }) {
  const { level_shifts: shifts, trend } = behaviour
  if (shifts.length === 0 && trend === null) return null
  const step = trend?.daily_units_per_week ?? 0
  return (
    <ul className={styles.levels}>
      {trend && (
        <li>
          {step > 0 ? 'Rising' : 'Falling'} since {formatDay(trend.since)}: {step > 0 ? '+' : '−'}
          {formatCount(Math.abs(step), 2)} a day from week to week.
        </li>
      )}
      {shifts
        .slice(-SHIFTS_SHOWN)
        .reverse()
        .map(({ since, before, after }) => (
          <li key={since}>
            Level shift since {formatDay(since)}: {formatCount(before, 1)} → {formatCount(after, 1)} a day.
          </li>
        ))}
    </ul>
  )
}

function List({ items }: { items: readonly Anomaly[] }) {
  const [isWhole, setIsWhole] = useState(false)
  const listed = items.filter(({ standing }) => standing !== 'quieted')
  const quieted = items.length - listed.length
  const shown = isWhole ? listed : listed.slice(0, SHOWN_FIRST)
  return (
    <>
      {listed.length === 0 && <p className={styles.none}>Nothing was unlike its own past.</p>}
      <ul>
        {shown.map((each) => (
          <Row key={`${each.measure} ${each.day}`} anomaly={each} />
        ))}
      </ul>
      {shown.length < listed.length && (
        <Button variant="subtle" size="compact-sm" className={styles.more} onClick={() => setIsWhole(true)}>
          Show all {listed.length}
        </Button>
      )}
      {quieted > 0 && (
        <p className={styles.quieted}>
          {plural(quieted, 'more value')} no stranger than what you called usual: not told.
        </p>
      )}
    </>
  )
}

function Row({ anomaly }: { anomaly: Anomaly }) {
  const canSay = may(useMe(), 'decisions:write')
  const { say, isBusy } = useNotUnusual()
  const { answer, standing } = anomaly
  const isUsual = standing === 'dismissed'
  return (
    <li className={styles.row} data-usual={isUsual}>
      <span className={styles.text}>
        {sentence(anomaly.sentence)}
        {anomaly.coincides_with.length > 0 && (
          <span className={styles.said}>
            {' '}
            Coincides with: {prose(anomaly.coincides_with.map(({ text }) => text).join(', '))}.
          </span>
        )}
        {isUsual && <span className={styles.said}> Called usual{answer?.note ? `: ${answer.note}` : ''}.</span>}
      </span>
      {canSay && (
        <Button variant="default" size="compact-sm" disabled={isBusy} onClick={() => say(answer ?? anomaly, !isUsual)}>
          {isUsual ? 'Undo' : 'Not unusual'}
        </Button>
      )}
    </li>
  )
}
