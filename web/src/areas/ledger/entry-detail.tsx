import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useAuthorName } from '~/api/authors'
import type { Effect, LedgerEntry, MoneyRange } from '~/api/ledger'
import { DECISIONS, METHODS, ORIGINS, OUTCOMES, WEAKNESSES } from '~/areas/ledger/words'
import { formatDayRange } from '~/lib/days'
import { formatCount, formatMoney, formatMoneyBrief, formatMoneyInterval, formatRatio, plural } from '~/lib/format'
import { prose, sentence } from '~/lib/prose'
import { DataTable } from '~/ui/data-table'
import { Detail } from '~/ui/detail'
import { When } from '~/ui/when'
import styles from './ledger.module.css'

/** One decision from promise to proof. */
export function EntryDetail({ entry }: { entry: LedgerEntry }) {
  const nameOf = useAuthorName()
  const { title, sku, product_title: product, origin, decision, decided_at: at, decided_by: who, reason } = entry
  return (
    <Detail kind={ORIGINS[origin] ?? origin} title={prose(title)} sku={sku} product={product}>
      <p className={styles.decided}>
        <strong>{DECISIONS[decision] ?? decision}</strong>
        {origin === 'recommendation' && ` by ${nameOf(who)}`} <When at={at} />
        {reason && `: ${reason}`}
      </p>
      <Comparison entry={entry} />
      <p className={styles.sentence}>
        <strong>{OUTCOMES[entry.outcome] ?? entry.outcome}.</strong> {entry.explanation && sentence(entry.explanation)}
      </p>
      {entry.effect && <Proof effect={entry.effect} />}
      {entry.back_test && (
        <section>
          <h3 className={styles.heading}>Before it was decided: the back-test</h3>
          <p>{sentence(entry.back_test.explanation)}</p>
        </section>
      )}
    </Detail>
  )
}

/** The promise beside what came. */
function Comparison({ entry: { promised, effect } }: { entry: LedgerEntry }) {
  const came = effect === null ? null : (effect.margin ?? effect.revenue)
  return (
    <div className={styles.comparison}>
      <div>
        <p className={styles.sumTitle}>Promised</p>
        {promised === null ? (
          <p className={styles.sumNote}>Nothing: nobody advised it.</p>
        ) : (
          <>
            <p className={styles.sum}>{formatMoneyBrief(promised.expected, true)}</p>
            <p className={styles.sumNote}>
              {formatMoneyInterval(promised.low80, promised.high80)} with 80% probability, over {promised.horizon_days}{' '}
              days
            </p>
          </>
        )}
      </div>
      <div>
        <p className={styles.sumTitle}>{effect?.margin === null ? 'Measured, as revenue' : 'Measured'}</p>
        {came === null || effect === null ? (
          <p className={styles.sumNote}>Nothing yet.</p>
        ) : (
          <>
            <p className={styles.sum}>{formatMoneyBrief(came.expected, true)}</p>
            <p className={styles.sumNote}>
              {formatMoneyInterval(came.low80, came.high80)} with 80% probability, over {plural(effect.days, 'day')}
            </p>
          </>
        )}
      </div>
    </div>
  )
}

function Proof({ effect }: { effect: Effect }) {
  const { units, revenue, margin, claim } = effect
  const money = (title: string, range: MoneyRange) => ({
    key: title,
    cells: [
      title,
      formatMoney(range.expected, { signed: true }),
      formatMoneyInterval(range.low80, range.high80),
      formatMoneyInterval(range.low95, range.high95),
    ],
  })
  const span = (low: number, high: number) => `${formatCount(low, 1)} to ${formatCount(high, 1)}`
  return (
    <section className={styles.proofs}>
      <h3 className={styles.heading}>
        {METHODS[effect.method] ?? effect.method}, {formatDayRange(effect.first_day, effect.last_day)}
      </h3>
      <DataTable
        label="Measured effect"
        columns={[
          { title: 'Change' },
          { title: 'Expected', isNumber: true },
          { title: '80% interval', isNumber: true },
          { title: '95% interval', isNumber: true },
        ]}
        empty=""
        rows={[
          {
            key: 'units',
            cells: [
              { text: 'Units', note: `${formatRatio(units.ratio, { signed: true })} of what would have been sold` },
              formatCount(units.expected, 1),
              span(units.low80, units.high80),
              span(units.low95, units.high95),
            ],
          },
          money('Revenue', revenue),
          ...(margin === null ? [] : [money('Margin', margin)]),
        ]}
      />
      {claim && (
        <p className={styles.claim}>
          {formatMoney(claim.claimed)} brought + {formatMoney(claim.counterfactual)} anyway ={' '}
          {formatMoney(claim.actual)} {claim.basis === 'margin' ? 'margin' : 'revenue'} in the orders.
        </p>
      )}
      {effect.peers.length > 0 && (
        <p>
          Compared with{' '}
          {effect.peers.slice(0, 5).map(({ sku, weight }, at) => (
            <span key={sku}>
              {at > 0 && ', '}
              <Link to="/products/$sku" params={{ sku }} className={styles.peer}>
                {sku}
              </Link>{' '}
              ({formatRatio(weight, { digits: 0 })})
            </span>
          ))}
          {effect.peers.length > 5 && ` and ${effect.peers.length - 5} more`}.
        </p>
      )}
      {effect.weaknesses.length > 0 && (
        <ul className={styles.weaknesses} aria-label="What could make these figures wrong">
          {effect.weaknesses.map((weakness) => (
            <li key={weakness}>
              <IconAlertTriangle size={14} aria-hidden /> {WEAKNESSES[weakness] ?? sentence(weakness)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
