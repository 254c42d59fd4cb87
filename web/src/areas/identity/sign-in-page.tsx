import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { setupQuery, signIn } from '~/api/identity'
import { sentenceOf } from '~/api/problem'
import { IdentityFrame } from '~/areas/identity/identity-frame'
import { PasswordInput, TextInput } from '~/ui/fields'
import styles from './identity.module.css'

/** Only addresses of this app: a link in a mail must not send somebody elsewhere after signing in. */
function isOwnPath(path: string | undefined): path is string {
  return path !== undefined && /^\/(?![/\\])/.test(path)
}

function field(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function SignInPage() {
  const router = useRouter()
  const { next } = useSearch({ from: '/sign-in' })
  const setup = useQuery(setupQuery).data
  const mutation = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email, password),
    onSuccess: () => router.history.push(isOwnPath(next) ? next : '/'),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    mutation.mutate({ email: field(form, 'email'), password: field(form, 'password') })
  }
  return (
    <IdentityFrame title="Sign in" lead="Welcome back." version={setup?.version}>
      {setup?.demo && <p className={styles.demo}>This is the demo shop. Its login is filled in for you.</p>}
      <form key={setup?.demo?.email} onSubmit={submit} className={styles.form}>
        <TextInput
          name="email"
          type="email"
          label="Email"
          autoComplete="username"
          required
          withAsterisk={false}
          defaultValue={setup?.demo?.email ?? ''}
        />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          defaultValue={setup?.demo?.password ?? ''}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        />
        {mutation.isError && (
          <p role="alert" className={styles.failure}>
            {sentenceOf(mutation.error)}
          </p>
        )}
        <Button type="submit" size="sm" loading={mutation.isPending}>
          Sign in
        </Button>
      </form>
    </IdentityFrame>
  )
}
