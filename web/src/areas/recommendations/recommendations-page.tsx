import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Decision, recommendationsQuery } from '~/api/recommendations'
import type { Recommendation, Uuid } from '~/api/types'
import { BulkDecision } from '~/areas/recommendations/bulk-decision'
import { RecommendationFilters } from '~/areas/recommendations/filters'
import { NoRecommendations } from '~/areas/recommendations/no-recommendations'
import { RecommendationDetail } from '~/areas/recommendations/recommendation-detail'
import { RecommendationRow } from '~/areas/recommendations/recommendation-row'
import { useDecide } from '~/areas/recommendations/use-decide'
import { titleOf } from '~/areas/recommendations/words'
import { formatCount, formatMoneyBrief } from '~/lib/format'
import { sumMoney } from '~/lib/money'
import { Inbox, useInbox } from '~/ui/inbox'
import { Page } from '~/ui/page'
import { useSnoozeDay } from '~/ui/snooze-menu'
import { useShortcuts } from '~/ui/use-shortcuts'

/** What to do next, ranked by money × confidence × urgency; each opens its evidence. */
export function RecommendationsPage() {
  const search = useSearch({ from: '/shell/recommendations' })
  const navigate = useNavigate({ from: '/recommendations' })
  const { open, ...filter } = search
  const state = filter.state ?? 'open'
  const query = useInfiniteQuery(recommendationsQuery({ ...filter, state }))
  const rows = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (each) => state === 'all' || each.state === state,
  )
  const inbox = useInbox(
    rows,
    open,
    (id) => void navigate({ search: (now) => ({ ...now, open: id }), replace: true, resetScroll: false }),
  )
  const decideIds = useDecide()
  const dayAfter = useSnoozeDay()
  const decide = (ids: Uuid[], decision: Decision) => {
    if (ids.length === 0) return
    inbox.stepPast(ids)
    inbox.clear()
    decideIds(ids, decision)
  }
  const target = () => (inbox.selected.size > 0 ? [...inbox.selected] : inbox.active ? [inbox.active.id] : [])
  useShortcuts([
    ...inbox.shortcuts('Recommendations'),
    { keys: 'e', title: 'Accept', group: 'Recommendations', run: () => decide(target(), { action: 'accept' }) },
    {
      keys: 's',
      title: 'Snooze for a week',
      group: 'Recommendations',
      run: () => decide(target(), { action: 'snooze', until: dayAfter(7) }),
    },
  ])

  return (
    <Page
      title="Recommendations"
      lead={state === 'open' ? <Worth rows={rows} isAll={!query.hasNextPage} /> : undefined}
    >
      <Inbox
        label="Recommendations"
        inbox={inbox}
        query={query}
        toolbar={<RecommendationFilters search={search} />}
        bulk={<BulkDecision onDecide={(decision) => decide([...inbox.selected], decision)} />}
        empty={
          <NoRecommendations isFiltered={state !== 'open' || filter.kind !== undefined || filter.sku !== undefined} />
        }
        row={(each) => <RecommendationRow recommendation={each} />}
        nameOf={(each) => `${titleOf(each)}, ${each.product_title}`}
        detail={(each) => (
          <RecommendationDetail
            key={each.id}
            recommendation={each}
            onDecide={(decision) => decide([each.id], decision)}
          />
        )}
      />
    </Page>
  )
}

function Worth({ rows, isAll }: { rows: readonly Recommendation[]; isAll: boolean }) {
  const [first, ...rest] = rows.map((each) => each.impact)
  if (first === undefined) return 'Ranked by money, confidence and urgency.'
  const subject = isAll ? 'Together' : `The best ${formatCount(rows.length)} are together`
  return `${subject} worth about ${formatMoneyBrief(sumMoney(first, ...rest))}, if all hold.`
}
