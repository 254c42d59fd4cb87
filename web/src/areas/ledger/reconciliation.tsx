import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { LedgerSummary } from '~/api/ledger'
import { ledgerSummaryQuery } from '~/api/ledger'
import { ORIGINS } from '~/areas/ledger/words'
import { formatMoney, formatMoneyBrief, plural } from '~/lib/format'
import { type Money, signOf } from '~/lib/money'
import styles from './ledger.module.css'

/** What all measured decisions brought together, and that the books say the same. Absent until one is measured. */
export function Reconciliation() {
  const summary = useQuery(ledgerSummaryQuery)
  if (summary.data === undefined || summary.data.reconciliation.entries === 0) return null
  return <Sums summary={summary.data} />
}

function Sums({ summary: { origins, reconciliation: sums } }: { summary: LedgerSummary }) {
  const Mark = sums.holds ? IconCheck : IconAlertTriangle
  return (
    <section className={styles.sums} aria-label="Measured so far">
      <div className={styles.origins}>
        {origins
          .filter((each) => each.entries > 0)
          .map(({ origin, entries, promised, measured }) => (
            <div key={origin}>
              <p className={styles.sumTitle}>
                {ORIGINS[origin] ?? origin}: {plural(entries, 'decision')} measured
              </p>
              <p className={styles.sum}>{formatMoneyBrief(measured, true)}</p>
              {signOf(promised) !== 0 && <p className={styles.sumNote}>promised: {formatMoneyBrief(promised, true)}</p>}
            </div>
          ))}
      </div>
      <div className={styles.equation}>
        <Term amount={sums.claimed} title="brought by the decisions" />
        <span aria-hidden>+</span>
        <Term amount={sums.counterfactual} title="would have come anyway" />
        <span aria-hidden>=</span>
        <Term amount={sums.actual} title="margin of these products and days" />
        <p className={styles.proof} data-holds={sums.holds}>
          <Mark size={14} stroke={2.2} aria-hidden />
          {sums.holds
            ? 'Agrees with the orders to the cent.'
            : `The orders now say ${formatMoney(sums.booked)}: ${formatMoney(sums.difference, { signed: true })} came in after it was measured. The next daily run measures again.`}
        </p>
      </div>
    </section>
  )
}

function Term({ amount, title }: { amount: Money; title: string }) {
  return (
    <span className={styles.term}>
      <span className={styles.termAmount}>{formatMoney(amount)}</span>
      <span className={styles.termTitle}>{title}</span>
    </span>
  )
}
