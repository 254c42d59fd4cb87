import { IconScale } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { frontQuery, type PriceFront } from '~/api/price-plan'
import { ApiError } from '~/api/problem'
import { chosenPlace, PRESETS, type Preset, placeOf } from '~/areas/price-plan/choice'
import { FrontChart } from '~/areas/price-plan/front-chart'
import { Plan } from '~/areas/price-plan/plan'
import { plural } from '~/lib/format'
import { FilterTabs } from '~/ui/filter-tabs'
import { Page } from '~/ui/page'
import { Panel } from '~/ui/panel'
import { Bone } from '~/ui/skeleton'
import { EmptyState, ErrorState } from '~/ui/states'
import styles from './price-plan.module.css'

/** The prices of the whole shop together: what can be had, and the prices of the point that is chosen. */
export function PricePlanPage() {
  const front = useQuery(frontQuery)
  return (
    <Page
      title="Price plan"
      lead="More revenue, more margin, lower prices: not all at once. Choose what the shop needs, and see which prices that takes."
    >
      {front.isPending ? (
        <Panel title="Weighing the prices of the whole shop">
          <div role="status">
            <span className="visually-hidden">Loading</span>
            <Bone height={280} />
          </div>
        </Panel>
      ) : front.isError ? (
        front.error instanceof ApiError && front.error.status === 409 ? (
          <EmptyState icon={IconScale} title="Nothing to plan yet">
            A product takes part once its cost is known, it has a forecast, and its price changed often enough to tell
            what that does.
          </EmptyState>
        ) : (
          <ErrorState error={front.error} onRetry={() => void front.refetch()} />
        )
      ) : (
        <Front front={front.data} />
      )}
    </Page>
  )
}

function Front({ front }: { front: PriceFront }) {
  const { point: asked } = useSearch({ from: '/shell/price-plan' })
  const navigate = useNavigate({ from: '/price-plan' })
  const { points, today, products, horizon_days: days, left_out: out } = front
  const place = chosenPlace(asked, points, today)
  const choose = (next: number) =>
    void navigate({ search: (now) => ({ ...now, point: String(next + 1) }), replace: true, resetScroll: false })
  const chosen = points[place]
  const preset = PRESETS.find(({ value }) => placeOf(value, points, today) === place)?.value
  const kept = Object.values(out).reduce((sum, count) => sum + count, 0)
  return (
    <div className={styles.content}>
      <Panel
        title="What can be had together"
        subtitle={`${plural(products, 'product')}, the next ${days} days. ${kept > 0 ? `${plural(kept, 'other')} keep their prices: ${reasons(out)}` : ''}`}
      >
        <div className={styles.presets}>
          <FilterTabs<Preset | ''>
            look="segments"
            label="Aim for"
            value={preset ?? ''}
            onChange={(next) => next !== '' && choose(placeOf(next, points, today))}
            options={PRESETS}
          />
        </div>
        <FrontChart points={points} today={today} chosen={place} onChoose={choose} />
      </Panel>
      {chosen && <Plan key={place} point={chosen} />}
    </div>
  )
}

function reasons(out: PriceFront['left_out']): string {
  const told: [number, string][] = [
    [out.not_identified, 'too few price changes to learn from'],
    [out.no_forecast, 'no forecast'],
    [out.no_cost, 'no cost'],
    [out.under_test, 'under test'],
    [out.no_legal_price, 'limits that leave no price'],
    [out.too_many, 'too little revenue'],
  ]
  return told
    .filter(([count]) => count > 0)
    .map(([count, why]) => `${count} ${why}`)
    .join(', ')
}
