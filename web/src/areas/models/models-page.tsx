import { IconChartHistogram } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ModelAccuracy } from '~/api/models'
import { leaderboardQuery, modelAccuracyQuery } from '~/api/models'
import { AccuracyCourse } from '~/areas/models/accuracy-course'
import { Calibration } from '~/areas/models/calibration'
import { Drift } from '~/areas/models/drift'
import { Figures } from '~/areas/models/figures'
import { LeaderboardPanel } from '~/areas/models/leaderboard'
import { Members } from '~/areas/models/members'
import { Versions } from '~/areas/models/versions'
import { DEMAND_CLASSES } from '~/areas/models/words'
import { formatCount } from '~/lib/format'
import { FilterTabs } from '~/ui/filter-tabs'
import { Page } from '~/ui/page'
import { BoneRows } from '~/ui/skeleton'
import { EmptyState, ErrorState } from '~/ui/states'
import styles from './models.module.css'

/** How far the forecasts were off, whether their intervals held, and which model serves. */
export function ModelsPage() {
  const { demand } = useSearch({ from: '/shell/models' })
  const navigate = useNavigate({ from: '/models' })
  const accuracy = useQuery(modelAccuracyQuery({ demand_class: demand }))
  const leaderboard = useQuery(leaderboardQuery)
  const classes = Object.entries(DEMAND_CLASSES)
    .filter(([code]) => leaderboard.data?.rows.some((row) => row.demand_class === code))
    .map(([value, title]) => ({ value, title }))
  return (
    <Page title="Models" lead={lead(accuracy.data)}>
      {accuracy.isPending ? (
        <div className={styles.panel}>
          <BoneRows rows={8} height={48} />
        </div>
      ) : accuracy.isError ? (
        <ErrorState error={accuracy.error} onRetry={() => void accuracy.refetch()} />
      ) : accuracy.data.points.length === 0 && demand === undefined ? (
        <div className={styles.panel}>
          <EmptyState icon={IconChartHistogram} title="Nothing to judge yet">
            Forecasts are compared with what happened once both are there. The daily run also looks back: with a few
            months of sales it shows how it would have done.
          </EmptyState>
        </div>
      ) : (
        <div className={styles.content} data-old={accuracy.isPlaceholderData || undefined}>
          {classes.length > 1 && (
            <FilterTabs
              label="Kind of demand"
              value={demand ?? 'all'}
              options={[{ value: 'all', title: 'All products' }, ...classes]}
              onChange={(next) =>
                void navigate({ search: (now) => ({ ...now, demand: next === 'all' ? '' : next }), replace: true })
              }
            />
          )}
          <Figures accuracy={accuracy.data} />
          <div className={styles.split}>
            <AccuracyCourse accuracy={accuracy.data} />
            <Calibration figures={accuracy.data.total} />
          </div>
          {leaderboard.data && (
            <div className={styles.split}>
              <LeaderboardPanel leaderboard={leaderboard.data} demand={demand} />
              <Members members={leaderboard.data.members} demand={demand} />
            </div>
          )}
        </div>
      )}
      <Drift />
      <Versions />
    </Page>
  )
}

function lead(accuracy: ModelAccuracy | undefined): string {
  if (accuracy === undefined || accuracy.total.days === 0) return 'How good the forecasts were, and which model serves.'
  const { skus, days } = accuracy.total
  return `How good the forecasts were: ${formatCount(days)} days of ${formatCount(skus)} products, compared with what happened.`
}
