import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Anomaly, anomaliesQuery } from '~/api/anomalies'
import { useNotUnusual } from '~/areas/products/detail/use-not-unusual'
import { may } from '~/lib/access'
import { plural } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { Panel } from '~/ui/panel'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { useMe } from '~/ui/use-me'
import styles from './unusual-days.module.css'

const SHOWN_FIRST = 5

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
      {anomalies.data && <List items={anomalies.data.items} />}
    </Panel>
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
        {isUsual && <span className={styles.said}> Called usual{answer?.note ? `: ${answer.note}` : ''}.</span>}
      </span>
      {canSay && (
        <Button
          variant="default"
          size="compact-sm"
          disabled={isBusy}
          onClick={() => say(answer ?? anomaly, !isUsual)}
        >
          {isUsual ? 'Undo' : 'Not unusual'}
        </Button>
      )}
    </li>
  )
}
