import type { LedgerEntry } from '~/api/ledger'
import { ORIGINS, OUTCOMES } from '~/areas/ledger/words'
import { formatMoneyBrief } from '~/lib/format'
import { signOf } from '~/lib/money'
import { prose } from '~/lib/prose'
import { When } from '~/ui/when'
import styles from './ledger.module.css'

/** One line of the list: what, for which product, and what it brought. */
export function EntryRow({ entry }: { entry: LedgerEntry }) {
  const { origin, outcome, effect, product_title: product, decided_at: at, title } = entry
  const brought = effect?.claim?.claimed ?? null
  return (
    <span className={styles.row}>
      <span className={styles.rowTitle}>{prose(title)}</span>
      <span className={styles.brought} data-sign={brought === null ? undefined : signOf(brought)}>
        {brought === null ? (OUTCOMES[outcome] ?? outcome) : formatMoneyBrief(brought, true)}
      </span>
      <span className={styles.rowNote}>{product}</span>
      <span className={styles.rowWhen}>
        {ORIGINS[origin] ?? origin} · <When at={at} />
      </span>
    </span>
  )
}
