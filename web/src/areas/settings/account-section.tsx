import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { sentenceOf } from '~/api/problem'
import { changePassword } from '~/api/settings'
import { PASSWORD_CHARACTERS_MIN } from '~/lib/password'
import { PasswordInput } from '~/ui/fields'
import { Panel } from '~/ui/panel'
import { toastDone } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './form.module.css'

export function AccountSection() {
  const { member } = useMe()
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) => changePassword(current, next),
    onSuccess: () => {
      form.current?.reset()
      toastDone('Your password is changed.')
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    mutation.mutate({ current: String(fields.get('current') ?? ''), next: String(fields.get('next') ?? '') })
  }
  const toggle = { 'aria-label': 'Show password' }
  return (
    <Panel title="Your password" subtitle={`${member.name}, ${member.email}`}>
      <form ref={form} onSubmit={submit} className={styles.form}>
        <PasswordInput
          name="current"
          label="Current password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={toggle}
        />
        <PasswordInput
          name="next"
          label="New password"
          description={`At least ${PASSWORD_CHARACTERS_MIN} characters`}
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={toggle}
        />
        {mutation.isError && <p role="alert">{sentenceOf(mutation.error)}</p>}
        <div className={styles.actions}>
          <Button type="submit" loading={mutation.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Panel>
  )
}
