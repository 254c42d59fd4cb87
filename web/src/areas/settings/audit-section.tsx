import { useQuery } from '@tanstack/react-query'
import { useAuthorName } from '~/api/authors'
import { auditQuery } from '~/api/settings'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { When } from '~/ui/when'
import styles from './form.module.css'

/** Who did what: written in the same transaction as the deed. */
export function AuditSection() {
  const audit = useQuery(auditQuery)
  const nameOf = useAuthorName()
  return (
    <Panel flush title="Activity" subtitle="The last 50 changes in this shop">
      {audit.isPending ? (
        <BoneRows rows={6} />
      ) : audit.isError ? (
        <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
      ) : audit.data.items.length === 0 ? (
        <p className={styles.empty}>Nothing has been changed yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={styles.scroll} tabIndex={0} aria-label="Audit log">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">On</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {audit.data.items.map(({ id, actor, action, subject, at }) => (
                <tr key={id}>
                  <td>{nameOf(actor)}</td>
                  <td>{action.replaceAll(/[._]/g, ' ')}</td>
                  <td className={styles.code}>{subject}</td>
                  <td>
                    <When at={at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  )
}
