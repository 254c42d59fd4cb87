import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type PlanChange, type PlanTaken, type PlanTotals, type PricePlan, planQuery, takePlan } from '~/api/price-plan'
import { changesCsv } from '~/areas/price-plan/csv'
import { may } from '~/lib/access'
import { formatCount, formatExpected, formatMoney, formatMoneyBrief, formatRatio, plural } from '~/lib/format'
import { approximate, type Money } from '~/lib/money'
import { saveBlob } from '~/lib/save-blob'
import { ConfirmDialog } from '~/ui/confirm-dialog'
import { DataTable } from '~/ui/data-table'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './price-plan.module.css'

/** Prices that can be taken at once: the server's bound. */
const TAKEN_MAX = 500

/** The prices that a point takes, beside today, and the way to take them. */
export function Plan({ point }: { point: PlanTotals }) {
  const plan = useQuery(planQuery(point))
  const [refused, setRefused] = useState<PlanTaken['refused']>([])
  return (
    <Panel
      flush
      title={plan.data ? plural(plan.data.changes.length, 'price change') : 'The prices of this point'}
      subtitle="Within every limit of the shop and of each product"
      actions={plan.data && plan.data.changes.length > 0 && <Actions plan={plan.data} onTaken={setRefused} />}
    >
      {refused.length > 0 && (
        <div role="alert" className={styles.refused}>
          <p>Not taken:</p>
          <ul>
            {refused.map(({ sku, reason }) => (
              <li key={sku}>
                {sku}: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.isPending ? (
        <BoneRows rows={5} />
      ) : plan.isError ? (
        <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
      ) : (
        <div data-old={plan.isPlaceholderData || undefined} aria-busy={plan.isPlaceholderData} className={styles.plan}>
          <Totals plan={plan.data} />
          <Changes changes={plan.data.changes} />
        </div>
      )}
    </Panel>
  )
}

function Totals({ plan: { today, plan, horizon_days: days } }: { plan: PricePlan }) {
  const change = (now: number, then: number) => (now === 0 ? '–' : formatRatio(then / now - 1, { signed: true }))
  const amounts = (now: Money, then: Money) => [
    formatMoneyBrief(now),
    formatMoneyBrief(then),
    change(approximate(now), approximate(then)),
  ]
  return (
    <DataTable
      label="The plan beside today"
      columns={[
        { title: `In ${plural(days, 'day')}` },
        { title: 'Prices as they are', isNumber: true },
        { title: 'The plan', isNumber: true },
        { title: 'Change', isNumber: true },
      ]}
      empty=""
      rows={[
        { key: 'revenue', cells: ['Revenue', ...amounts(today.revenue, plan.revenue)] },
        { key: 'margin', cells: ['Margin', ...amounts(today.margin, plan.margin)] },
        {
          key: 'units',
          cells: ['Units', formatCount(today.units), formatCount(plan.units), change(today.units, plan.units)],
        },
        {
          key: 'index',
          cells: ['Price level', '100', formatCount(100 * plan.price_index, 1), change(1, plan.price_index)],
        },
      ]}
    />
  )
}

function Changes({ changes }: { changes: readonly PlanChange[] }) {
  return (
    <DataTable
      label="Prices that change"
      columns={[
        { title: 'Product' },
        { title: 'Price now', isNumber: true },
        { title: 'In the plan', isNumber: true },
        { title: 'Units', isNumber: true },
        { title: 'Margin', isNumber: true },
      ]}
      empty="No price changes: today’s prices are this point already."
      rows={changes.map((each) => ({
        key: each.sku,
        cells: [
          <Link
            key="link"
            to="/products/$sku"
            params={{ sku: each.sku }}
            className={styles.product}
            title={each.reason}
          >
            {each.product_title}
          </Link>,
          formatMoney(each.price_now),
          {
            text: formatMoney(each.price),
            note: `${formatRatio(approximate(each.price) / approximate(each.price_now) - 1, { signed: true })}${each.is_untried ? ', never tried' : ''}`,
          },
          { text: formatExpected(each.units), note: `now ${formatExpected(each.units_now)}` },
          {
            text: formatMoneyBrief(each.gain, true),
            note: `${formatMoneyBrief(each.gain_low80, true)} to ${formatMoneyBrief(each.gain_high80, true)}`,
          },
        ],
      }))}
    />
  )
}

type ActionsProps = { plan: PricePlan; onTaken: (refused: PlanTaken['refused']) => void }

function Actions({ plan, onTaken }: ActionsProps) {
  const me = useMe()
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const { changes } = plan
  const take = useMutation({
    mutationFn: () => takePlan(changes),
    onSuccess: async ({ accepted, refused }) => {
      setAsking(false)
      onTaken(refused)
      if (accepted.length > 0) {
        toastDone(
          `${plural(accepted.length, 'price')} accepted. Set them in your shop; the ledger watches what they bring.`,
        )
      }
      await queries.invalidateQueries()
    },
    onError: (error) => {
      setAsking(false)
      toastFailed('The plan was not taken', error)
    },
  })
  const isTooLarge = changes.length > TAKEN_MAX
  return (
    <div className={styles.actions}>
      <Button
        variant="default"
        leftSection={<IconDownload size={14} />}
        onClick={() => saveBlob(new Blob([changesCsv(changes)], { type: 'text/csv' }), 'price-plan.csv')}
      >
        CSV
      </Button>
      {may(me, 'decisions:write') && !isTooLarge && (
        <Button onClick={() => setAsking(true)}>Take all {formatCount(changes.length)}</Button>
      )}
      {isAsking && (
        <ConfirmDialog
          title={`Take ${plural(changes.length, 'price')}?`}
          confirm="Take them"
          isRunning={take.isPending}
          onConfirm={() => take.mutate()}
          onClose={() => setAsking(false)}
        >
          Each becomes an accepted recommendation with its line in the ledger. You set the prices in your shop; each can
          be undone on its own.
        </ConfirmDialog>
      )}
    </div>
  )
}
