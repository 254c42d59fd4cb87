import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, sentenceOf } from '~/api/problem'
import { addMember, membersQuery } from '~/api/settings'
import type { Role } from '~/api/types'
import { isRole, ROLE_CHOICES, ROLE_NOTES } from '~/areas/settings/roles'
import { PASSWORD_CHARACTERS_MIN } from '~/lib/password'
import { Modal } from '~/ui/dialog'
import { NativeSelect, PasswordInput, TextInput } from '~/ui/fields'
import { toastDone } from '~/ui/toast'
import styles from './form.module.css'

export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [role, setRole] = useState<Role>('manager')
  const mutation = useMutation({
    mutationFn: addMember,
    onSuccess: async (member) => {
      onClose()
      toastDone(`${member.name} can sign in now.`)
      await queries.invalidateQueries({ queryKey: membersQuery.queryKey })
    },
  })
  const errorOf = (name: string) =>
    mutation.error instanceof ApiError ? mutation.error.fields.find(({ field }) => field === name)?.message : undefined
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    mutation.mutate({ name: text('name').trim(), email: text('email').trim(), role, password: text('password') })
  }
  return (
    <Modal opened onClose={onClose} title="Add a member" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput name="name" label="Name" required withAsterisk={false} data-autofocus error={errorOf('name')} />
        <TextInput name="email" type="email" label="Email" required withAsterisk={false} error={errorOf('email')} />
        <NativeSelect
          label="Role"
          description={ROLE_NOTES[role]}
          data={ROLE_CHOICES}
          value={role}
          onChange={(event) => isRole(event.currentTarget.value) && setRole(event.currentTarget.value)}
        />
        <PasswordInput
          name="password"
          label="First password"
          description={`At least ${PASSWORD_CHARACTERS_MIN} characters; they can change it after signing in`}
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          required
          withAsterisk={false}
          error={errorOf('password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        />
        {mutation.isError && <p role="alert">{sentenceOf(mutation.error)}</p>}
        <div className={styles.actions}>
          <Button type="submit" loading={mutation.isPending}>
            Add
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  )
}
