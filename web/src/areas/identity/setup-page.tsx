import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { setUp, setupQuery } from '~/api/identity'
import { ApiError, sentenceOf } from '~/api/problem'
import { IdentityFrame } from '~/areas/identity/identity-frame'
import { PASSWORD_CHARACTERS_MIN } from '~/lib/password'
import { currencies, guessCurrency, ownZone, timeZones } from '~/lib/places'
import { NativeSelect, PasswordInput, TextInput } from '~/ui/fields'
import styles from './identity.module.css'

/** First run: the shop and its owner. */
export function SetupPage() {
  const router = useRouter()
  const queries = useQueryClient()
  const setup = useQuery(setupQuery).data
  const mutation = useMutation({
    mutationFn: setUp,
    onSuccess: async () => {
      await queries.resetQueries({ queryKey: setupQuery.queryKey })
      await router.navigate({ to: '/' })
    },
  })
  const errorOf = (name: string) =>
    mutation.error instanceof ApiError
      ? mutation.error.fields.find((field) => field.field === name)?.message
      : undefined
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    mutation.mutate({
      merchant_name: text('merchant_name'),
      currency: text('currency'),
      time_zone: text('time_zone'),
      owner_name: text('owner_name'),
      email: text('email'),
      password: String(form.get('password') ?? ''),
    })
  }
  return (
    <IdentityFrame
      title="Set up your shop"
      lead="You become its owner. Everything stays on this machine; nothing is sent anywhere."
      version={setup?.version}
    >
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          name="merchant_name"
          label="Shop name"
          required
          withAsterisk={false}
          error={errorOf('merchant_name')}
        />
        <div className={styles.pair}>
          <NativeSelect name="currency" label="Currency" data={currencies()} defaultValue={guessCurrency()} />
          <NativeSelect name="time_zone" label="Time zone" data={timeZones()} defaultValue={ownZone()} />
        </div>
        <hr className={styles.rule} />
        <TextInput
          name="owner_name"
          label="Your name"
          autoComplete="name"
          required
          withAsterisk={false}
          error={errorOf('owner_name')}
        />
        <TextInput
          name="email"
          type="email"
          label="Email"
          autoComplete="username"
          required
          withAsterisk={false}
          error={errorOf('email')}
        />
        <PasswordInput
          name="password"
          label="Password"
          description={`At least ${PASSWORD_CHARACTERS_MIN} characters`}
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          required
          withAsterisk={false}
          error={errorOf('password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        />
        {mutation.isError && (
          <p role="alert" className={styles.failure}>
            {sentenceOf(mutation.error)}
          </p>
        )}
        <Button type="submit" size="sm" loading={mutation.isPending}>
          Create the shop
        </Button>
      </form>
    </IdentityFrame>
  )
}
