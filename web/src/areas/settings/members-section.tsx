import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeRole, membersQuery, removeMember } from '~/api/settings'
import type { Member, Role } from '~/api/types'
import { AddMemberDialog } from '~/areas/settings/add-member-dialog'
import { isRole, ROLE_CHOICES, ROLE_TITLES } from '~/areas/settings/roles'
import { TableSection } from '~/areas/settings/table-section'
import { may } from '~/lib/access'
import { ConfirmDialog } from '~/ui/confirm-dialog'
import { NativeSelect } from '~/ui/fields'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './form.module.css'

export function MembersSection() {
  const me = useMe()
  const members = useQuery(membersQuery)
  const [isAdding, setAdding] = useState(false)
  const canManage = may(me, 'members:write')
  return (
    <TableSection
      title="Members"
      subtitle="Who sees and decides in this shop"
      columns={['Member', 'Role', 'Last seen']}
      hasActions
      query={members}
      row={(member) => <MemberRow key={member.id} member={member} canManage={canManage} />}
      empty="Nobody has joined yet."
      add={canManage ? { label: 'Add a member', onClick: () => setAdding(true) } : undefined}
    >
      {isAdding && <AddMemberDialog onClose={() => setAdding(false)} />}
    </TableSection>
  )
}

function MemberRow({ member, canManage }: { member: Member; canManage: boolean }) {
  const me = useMe()
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: membersQuery.queryKey })
  const change = useMutation({
    mutationFn: (role: Role) => changeRole(member.id, role),
    onSuccess: () => toastDone(`${member.name} has a new role.`),
    onError: (error) => toastFailed('The role was not changed', error),
    onSettled: refresh,
  })
  const remove = useMutation({
    mutationFn: () => removeMember(member.id),
    onSuccess: () => {
      setAsking(false)
      toastDone(`${member.name} can no longer sign in.`)
    },
    onError: (error) => toastFailed('The member was not removed', error),
    onSettled: refresh,
  })
  const isSelf = member.id === me.member.id
  return (
    <tr>
      <td>
        <span className={styles.name}>
          {member.name}
          {isSelf && ' (you)'}
        </span>
        <span className={styles.soft}>{member.email}</span>
      </td>
      <td>
        {canManage && !isSelf ? (
          <NativeSelect
            size="xs"
            aria-label={`Role of ${member.name}`}
            value={member.role}
            disabled={change.isPending}
            data={ROLE_CHOICES}
            onChange={(event) => isRole(event.currentTarget.value) && change.mutate(event.currentTarget.value)}
          />
        ) : (
          ROLE_TITLES[member.role]
        )}
      </td>
      <td>{member.last_seen_at ? <When at={member.last_seen_at} /> : 'Never'}</td>
      <td>
        {canManage && !isSelf && (
          <Button variant="subtle" color="gray" onClick={() => setAsking(true)} aria-label={`Remove ${member.name}`}>
            Remove
          </Button>
        )}
        {isAsking && (
          <ConfirmDialog
            title={`Remove ${member.name}?`}
            confirm="Remove"
            isRunning={remove.isPending}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsking(false)}
          >
            They are signed out everywhere. What they decided stays in the activity log.
          </ConfirmDialog>
        )}
      </td>
    </tr>
  )
}
