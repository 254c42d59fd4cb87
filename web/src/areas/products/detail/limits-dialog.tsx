import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { ApiError } from '~/api/problem'
import { productQuery, saveSkuSettings } from '~/api/products'
import type { ProductDetail } from '~/api/types'
import { parseTyped } from '~/lib/money'
import { Modal } from '~/ui/dialog'
import { TextInput } from '~/ui/fields'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './limits-dialog.module.css'

type Props = { product: ProductDetail; onClose: () => void }

/** The guard rails of one Sku: what no recommendation may cross. An empty field means the shop's own rule. */
export function LimitsDialog({ product, onClose }: Props) {
  const { currency } = useMe().merchant
  const queries = useQueryClient()
  const { settings, sku } = product
  const mutation = useMutation({
    mutationFn: (form: FormData) => {
      const amount = (name: string) => parseTyped(String(form.get(name) ?? ''))
      const margin = amount('min_margin')
      const lead = amount('lead_time_days')
      return saveSkuSettings(sku, {
        min_price: amount('min_price'),
        max_price: amount('max_price'),
        min_margin: margin === null ? null : Number(margin) / 100,
        min_advertised_price: amount('min_advertised_price'),
        lead_time_days: lead === null ? null : Number(lead),
      })
    },
    onSuccess: async () => {
      onClose()
      toastDone('Limits saved. They apply from the next model run.')
      await queries.invalidateQueries({ queryKey: productQuery(sku).queryKey })
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.fields.length === 0) toastFailed('The limits were not saved', error)
    },
  })
  const errorOf = (name: string) =>
    mutation.error instanceof ApiError
      ? mutation.error.fields.find((field) => field.field === name)?.message
      : undefined
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutation.mutate(new FormData(event.currentTarget))
  }
  return (
    <Modal opened onClose={onClose} title="Limits for this product" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.lead}>No recommendation crosses these. Leave a field empty to use the shop’s own rule.</p>
        <TextInput
          name="min_price"
          label={`Lowest price, ${currency}`}
          inputMode="decimal"
          defaultValue={settings.min_price?.amount ?? ''}
          error={errorOf('min_price')}
        />
        <TextInput
          name="max_price"
          label={`Highest price, ${currency}`}
          inputMode="decimal"
          defaultValue={settings.max_price?.amount ?? ''}
          error={errorOf('max_price')}
        />
        <TextInput
          name="min_advertised_price"
          label={`Lowest advertised price (MAP), ${currency}`}
          description="What the brand asks for"
          inputMode="decimal"
          defaultValue={settings.min_advertised_price?.amount ?? ''}
          error={errorOf('min_advertised_price')}
        />
        <TextInput
          name="min_margin"
          label="Lowest margin, % of price"
          inputMode="decimal"
          defaultValue={settings.min_margin === null ? '' : String(Math.round(settings.min_margin * 1000) / 10)}
          error={errorOf('min_margin')}
        />
        <TextInput
          name="lead_time_days"
          label="Delivery time, days"
          inputMode="numeric"
          defaultValue={settings.lead_time_days ?? ''}
          error={errorOf('lead_time_days')}
        />
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            Save limits
          </Button>
        </div>
      </form>
    </Modal>
  )
}
