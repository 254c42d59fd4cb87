import { useQuery } from '@tanstack/react-query'
import { useAuthorName } from '~/api/authors'
import { auditQuery } from '~/api/settings'
import type { AuditEntry } from '~/api/types'
import { deedOf, subjectOf } from '~/areas/settings/deed'
import { TableSection } from '~/areas/settings/table-section'
import { prose } from '~/lib/prose'
import { When } from '~/ui/when'
import styles from './form.module.css'

/** Who did what: written in the same transaction as the deed. */
export function AuditSection() {
  const audit = useQuery(auditQuery)
  const nameOf = useAuthorName()
  return (
    <TableSection
      title="Activity"
      subtitle="The last 50 changes in this shop"
      columns={['Who', 'What', 'When']}
      query={audit}
      row={(entry) => <Row key={entry.id} entry={entry} who={nameOf(entry.actor)} />}
      empty="Nothing has been changed yet."
    />
  )
}

function Row({ entry, who }: { entry: AuditEntry; who: string }) {
  const subject = subjectOf(entry)
  return (
    <tr>
      <td className={styles.who}>{who}</td>
      <td title={entry.subject}>
        {deedOf(entry)}
        {subject !== null && <span className={styles.subject}>{prose(subject)}</span>}
      </td>
      <td className={styles.when}>
        <When at={entry.at} />
      </td>
    </tr>
  )
}
