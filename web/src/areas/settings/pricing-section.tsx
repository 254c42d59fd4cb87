import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, sentenceOf } from '~/api/problem'
import { merchantQuery, saveMerchant } from '~/api/settings'
import type { MerchantSettings, PricingPolicy } from '~/api/types'
import { FrozenDaysFields } from '~/areas/settings/frozen-days-fields'
import { pricingOf } from '~/areas/settings/pricing-form'
import { may } from '~/lib/access'
import { NativeSelect, TextInput } from '~/ui/fields'
import { Panel } from '~/ui/panel'
import { Bone } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { toastDone } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './form.module.css'

/** What prices are for, how bold they are, and when they stand still. */
export function PricingSection() {
  const merchant = useQuery(merchantQuery)
  return (
    <Panel
      title="Pricing"
      subtitle="How recommended prices are found. Limits of a single product come on top, on its own page"
    >
      {merchant.isPending ? (
        <Bone height={520} />
      ) : merchant.isError ? (
        <ErrorState error={merchant.error} onRetry={() => void merchant.refetch()} />
      ) : (
        <PricingForm key={merchant.dataUpdatedAt} merchant={merchant.data} />
      )}
    </Panel>
  )
}

const percentText = (ratio: number) => String(Math.round(ratio * 1000) / 10)

function PricingForm({ merchant }: { merchant: MerchantSettings }) {
  const { pricing, price_guard: guard } = merchant
  const isFixed = !may(useMe(), 'settings:write')
  const queries = useQueryClient()
  const [strategy, setStrategy] = useState(pricing.strategy)
  const [endings, setEndings] = useState(endingsKind(pricing.price_endings))
  const [reductions, setReductions] = useState(pricing.reductions)
  const [frozen, setFrozen] = useState(pricing.frozen)
  const mutation = useMutation({
    mutationFn: saveMerchant,
    onSuccess: async () => {
      toastDone('Saved. It holds from the next model run.')
      await queries.invalidateQueries()
    },
  })
  const errorOf = (name: string) =>
    mutation.error instanceof ApiError
      ? mutation.error.fields.find(({ field }) => field === name || field === `pricing.${name}`)?.message
      : undefined
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutation.mutate(pricingOf(new FormData(event.currentTarget), pricing, frozen))
  }
  const field = (name: string) => ({ name, disabled: isFixed, error: errorOf(name) })
  const percent = (name: string, ratio: number) => ({
    ...field(name),
    inputMode: 'decimal' as const,
    defaultValue: percentText(ratio),
  })
  return (
    <form onSubmit={submit} className={styles.form}>
      <fieldset className={styles.group}>
        <legend>What prices are for</legend>
        <NativeSelect
          {...field('objective')}
          label="Aim for"
          description="Products without a known cost always aim for revenue"
          defaultValue={pricing.objective}
          data={[
            { value: 'margin', label: 'The highest margin' },
            { value: 'balanced', label: 'A balance of revenue and margin' },
            { value: 'revenue', label: 'The highest revenue' },
          ]}
        />
        <NativeSelect
          {...field('strategy')}
          label="Strategy"
          value={strategy}
          onChange={(event) => setStrategy(strategyOf(event.currentTarget.value))}
          data={[
            { value: 'earn', label: 'Earn as much as demand allows' },
            { value: 'compete', label: 'Take a place among the rivals' },
          ]}
        />
        {strategy === 'compete' && (
          <>
            <div className={styles.pair}>
              <NativeSelect
                {...field('reference')}
                label="Whose price counts"
                defaultValue={pricing.reference}
                data={[
                  { value: 'median', label: 'The median rival' },
                  { value: 'cheapest', label: 'The cheapest rival' },
                ]}
              />
              <TextInput
                {...percent('distance', pricing.distance)}
                label="Distance to it, %"
                description="0 matches, −2 undercuts by 2%"
              />
            </div>
            <TextInput
              {...percent('sacrifice_max', pricing.sacrifice_max)}
              label="Most it may cost, % of the best result"
              description="The price never follows rivals further down than this, so nobody is drawn into a race to the bottom"
            />
            <TextInput
              {...field('own_sellers')}
              label="Names you sell under"
              description="Separated by commas. Your own offers are no rival’s"
              defaultValue={pricing.own_sellers.join(', ')}
            />
          </>
        )}
      </fieldset>
      <fieldset className={styles.group}>
        <legend>How sure it must be</legend>
        <div className={styles.pair}>
          <NativeSelect
            {...field('risk')}
            label="Between prices decides"
            defaultValue={pricing.risk}
            data={[
              { value: 'neutral', label: 'The expected gain' },
              { value: 'careful', label: 'What four of five cases reach' },
              { value: 'very_careful', label: 'The worst fifth of cases' },
            ]}
          />
          <TextInput
            {...percent('confidence', pricing.confidence)}
            label="Chance of a gain, at least %"
            description="Below it the price stays"
          />
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Limits of every price</legend>
        <div className={styles.pair}>
          <TextInput {...percent('max_change', guard.max_change_per_day)} label="Largest step a day, %" />
          <TextInput {...percent('min_margin', guard.min_margin)} label="Lowest margin, % of price" />
        </div>
        <div className={styles.pair}>
          <TextInput
            {...percent('rival_band_below', pricing.rival_band_below)}
            label="Below the cheapest rival, %"
            description="At most"
          />
          <TextInput
            {...percent('rival_band_above', pricing.rival_band_above)}
            label="Above the cheapest rival, %"
            description="At most"
          />
        </div>
        <div className={styles.pair}>
          <NativeSelect
            name="endings"
            label="Prices end in"
            disabled={isFixed}
            value={endings}
            onChange={(event) => setEndings(endingsKind(event.currentTarget.value))}
            data={[
              { value: 'charm', label: '.90, .95, .99 or whole' },
              { value: 'any', label: 'Anything' },
              { value: 'tails', label: 'Digits of your own' },
            ]}
          />
          {endings === 'tails' && (
            <TextInput
              {...field('price_endings')}
              label="Last two digits"
              placeholder="49, 99"
              defaultValue={endingsKind(pricing.price_endings) === 'tails' ? pricing.price_endings : ''}
            />
          )}
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Announced reductions</legend>
        <p className={styles.note}>
          In the EU a reduction must name the lowest price of the last 30 days. Every recommended cut says what may be
          announced.
        </p>
        <NativeSelect
          {...field('reductions')}
          label="Cut a price"
          value={reductions}
          onChange={(event) =>
            setReductions(event.currentTarget.value === 'only_announceable' ? 'only_announceable' : 'any')
          }
          data={[
            { value: 'any', label: 'Whenever it pays' },
            { value: 'only_announceable', label: 'Only where it may be announced' },
          ]}
        />
        {reductions === 'only_announceable' && (
          <TextInput {...percent('reduction_min', pricing.reduction_min)} label="Smallest reduction to announce, %" />
        )}
      </fieldset>
      <FrozenDaysFields days={frozen} onChange={setFrozen} isFixed={isFixed} error={errorOf('frozen')} />
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

const strategyOf = (value: string): PricingPolicy['strategy'] => (value === 'compete' ? 'compete' : 'earn')

function endingsKind(endings: string): 'any' | 'charm' | 'tails' {
  return endings === 'any' || endings === 'charm' ? endings : 'tails'
}
