import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { ApiError, sentenceOf } from '~/api/problem'
import { session } from '~/api/session'
import { merchantQuery, saveMerchant } from '~/api/settings'
import type { MerchantSettings } from '~/api/types'
import { may } from '~/lib/access'
import { currencies, timeZones } from '~/lib/places'
import { NativeSelect, TextInput } from '~/ui/fields'
import { Panel } from '~/ui/panel'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { toastDone } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './form.module.css'

export function ShopSection() {
  const merchant = useQuery(merchantQuery)
  return (
    <Panel title="Shop" subtitle="Days begin at midnight in the shop’s time zone; totals are in its currency">
      {merchant.isPending ? (
        <Bone height={320} />
      ) : merchant.isError ? (
        <ErrorState error={merchant.error} onRetry={() => void merchant.refetch()} />
      ) : (
        <ShopForm key={merchant.dataUpdatedAt} merchant={merchant.data} />
      )}
    </Panel>
  )
}

function ShopForm({ merchant }: { merchant: MerchantSettings }) {
  const me = useMe()
  const queries = useQueryClient()
  const isFixed = !may(me, 'settings:write')
  const mutation = useMutation({
    mutationFn: saveMerchant,
    onSuccess: async () => {
      toastDone('Saved.')
      await session.refresh()
      await queries.invalidateQueries()
    },
  })
  const errorOf = (name: string) =>
    mutation.error instanceof ApiError
      ? mutation.error.fields.find(({ field }) => field.startsWith(name))?.message
      : undefined
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const percent = (name: string) => Number(text(name).replace(',', '.')) / 100
    mutation.mutate({
      name: text('name'),
      currency: text('currency'),
      time_zone: text('time_zone'),
      default_lead_time_days: Number(text('lead_time')),
      service_level: percent('service_level'),
      anomaly_false_share: percent('false_share'),
    })
  }
  const percentText = (ratio: number) => String(Math.round(ratio * 1000) / 10)
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput
        name="name"
        label="Name"
        defaultValue={merchant.name}
        required
        withAsterisk={false}
        disabled={isFixed}
        error={errorOf('name')}
      />
      <div className={styles.pair}>
        <NativeSelect
          name="currency"
          label="Currency"
          data={currencies()}
          defaultValue={merchant.currency}
          disabled={isFixed}
          error={errorOf('currency')}
        />
        <NativeSelect
          name="time_zone"
          label="Time zone"
          data={withCurrent(timeZones(), merchant.time_zone)}
          defaultValue={merchant.time_zone}
          disabled={isFixed}
          error={errorOf('time_zone')}
        />
      </div>
      <div className={styles.pair}>
        <TextInput
          name="lead_time"
          label="Usual delivery time, days"
          inputMode="numeric"
          defaultValue={merchant.default_lead_time_days}
          disabled={isFixed}
          error={errorOf('default_lead_time_days')}
        />
        <TextInput
          name="service_level"
          label="Service level, %"
          description="Chance of not running out"
          inputMode="decimal"
          defaultValue={percentText(merchant.service_level)}
          disabled={isFixed}
          error={errorOf('service_level')}
        />
      </div>
      <TextInput
        name="false_share"
        label="False alarms among alerts on unusual days and prices, %"
        description="At most this share, over all products; 100 lets every unusual day alert"
        inputMode="decimal"
        defaultValue={percentText(merchant.anomaly_false_share)}
        disabled={isFixed}
        error={errorOf('anomaly_false_share')}
      />
      {mutation.isError && <p role="alert">{sentenceOf(mutation.error)}</p>}
      <div className={styles.actions}>
        {isFixed ? (
          <p className={styles.note}>Owners and managers change these.</p>
        ) : (
          <Button type="submit" loading={mutation.isPending}>
            Save
          </Button>
        )}
      </div>
    </form>
  )
}

function withCurrent(zones: readonly string[], zone: string): string[] {
  return zones.includes(zone) ? [...zones] : [zone, ...zones]
}
