import { Button } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { PriceTest } from '~/api/price-tests'
import { priceTestQuery, stopPriceTest } from '~/api/price-tests'
import type { Page } from '~/api/types'
import { PlanFacts } from '~/areas/price-tests/plan-facts'
import { Reading } from '~/areas/price-tests/reading'
import { Schedule } from '~/areas/price-tests/schedule'
import { pricesOf } from '~/areas/price-tests/words'
import { may } from '~/lib/access'
import { formatDay, formatDayRange } from '~/lib/days'
import { formatMoney } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { ConfirmDialog } from '~/ui/confirm-dialog'
import { Detail } from '~/ui/detail'
import { Inbox, useInbox } from '~/ui/inbox'
import { EmptyState } from '~/ui/states'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './price-tests.module.css'

type Props = {
  isRunning: boolean
  query: UseQueryResult<Page<PriceTest>>
  toolbar: ReactNode
  open: string | undefined
  onOpen: (id: string) => void
}

/** Started tests: what to ask today, and what they say. */
export function Tests({ isRunning, query, toolbar, open, onOpen }: Props) {
  const rows = (query.data?.items ?? []).filter((test) => (test.state === 'running') === isRunning)
  const inbox = useInbox(rows, open, onOpen)
  return (
    <Inbox
      label={isRunning ? 'Running tests' : 'Ended tests'}
      inbox={inbox}
      query={query}
      toolbar={toolbar}
      empty={
        <EmptyState icon={IconFlask} title={isRunning ? 'No test is running' : 'No test has ended yet'}>
          {isRunning ? 'Start one from the proposals.' : 'What a test found stays here.'}
        </EmptyState>
      }
      row={(each) => <TestRow test={each} />}
      nameOf={(each) => each.product_title}
      detail={(each) => <TestDetail key={each.id} test={each} />}
    />
  )
}

function TestRow({ test }: { test: PriceTest }) {
  const { reading, plan } = test
  const done = reading === null ? 0 : Math.min(1, reading.rounds_read / reading.rounds_planned)
  return (
    <span className={styles.row}>
      <span className={styles.rowTitle}>{test.product_title}</span>
      <span className={styles.rowFigure}>
        {reading?.rounds_read ?? 0} of {plan.rounds} rounds
      </span>
      <span className={styles.rowNote}>
        {test.today ? `Today: ${formatMoney(test.today.price)}` : pricesOf(plan)}
        {reading?.may_stop && test.state === 'running' && ' · may stop'}
      </span>
      <span className={styles.track} aria-hidden>
        <span className={styles.bar} style={{ width: `${done * 100}%` }} />
      </span>
    </span>
  )
}

function TestDetail({ test }: { test: PriceTest }) {
  const detail = useQuery(priceTestQuery(test.id))
  const { today, reading, plan, first_day: first, last_day: last } = test
  const days = first && last ? formatDayRange(first, last) : ''
  return (
    <Detail kind={`Price test, ${days}`} sku={test.sku} title={test.product_title}>
      {today && (
        <p className={styles.today}>
          <strong>Ask {formatMoney(today.price)} today.</strong>{' '}
          {today.next_day && today.next_price
            ? `From ${formatDay(today.next_day)} on: ${formatMoney(today.next_price)}.`
            : 'It stays so until the test ends.'}
        </p>
      )}
      {test.state !== 'running' && test.end_reason && <p className={styles.sentence}>{sentence(test.end_reason)}</p>}
      {reading === null ? (
        <p className={styles.sentence}>The first daily run after it starts reads the test.</p>
      ) : (
        <Reading reading={reading} />
      )}
      {test.state === 'running' && <Stop test={test} />}
      {detail.data && <Schedule days={detail.data.schedule} today={today?.day ?? null} />}
      <PlanFacts plan={plan} />
    </Detail>
  )
}

function Stop({ test }: { test: PriceTest }) {
  const me = useMe()
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const stop = useMutation({
    mutationFn: () => stopPriceTest(test.id),
    onSuccess: () => {
      setAsking(false)
      toastDone('The test is stopped. What it found stays.')
    },
    onError: (error) => toastFailed('The test was not stopped', error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['price-tests'] }),
  })
  if (!may(me, 'decisions:write')) return null
  return (
    <div>
      <Button
        variant={test.reading?.may_stop ? 'filled' : 'default'}
        onClick={() => (test.reading?.may_stop ? stop.mutate() : setAsking(true))}
        loading={stop.isPending}
      >
        Stop the test
      </Button>
      {isAsking && (
        <ConfirmDialog
          title="Stop before the answer is clear?"
          confirm="Stop"
          isRunning={stop.isPending}
          onConfirm={() => stop.mutate()}
          onClose={() => setAsking(false)}
        >
          What it has read so far stays and counts, but a stopped test cannot go on.
        </ConfirmDialog>
      )}
    </div>
  )
}
