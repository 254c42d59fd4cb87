import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { alertsQuery, type Handling } from '~/api/alerts'
import type { Alert, Uuid } from '~/api/types'
import { AlertDetail } from '~/areas/alerts/alert-detail'
import { AlertFilters } from '~/areas/alerts/alert-filters'
import { AlertRow } from '~/areas/alerts/alert-row'
import { BulkHandling } from '~/areas/alerts/bulk-handling'
import { NoAlerts } from '~/areas/alerts/no-alerts'
import { useHandle } from '~/areas/alerts/use-handle'
import { Inbox, useInbox } from '~/ui/inbox'
import { Page } from '~/ui/page'
import { useSnoozeDay } from '~/ui/snooze-menu'
import { useShortcuts } from '~/ui/use-shortcuts'

/** What an open inbox holds: acknowledging says "seen", not "over". */
const OPEN: ReadonlySet<Alert['state']> = new Set(['firing', 'acknowledged'])

/** Measures outside their expected range: since when, how much money, the probable cause, the button. */
export function AlertsPage() {
  const search = useSearch({ from: '/shell/alerts' })
  const navigate = useNavigate({ from: '/alerts' })
  const { open, ...filter } = search
  const state = filter.state ?? 'open'
  const query = useInfiniteQuery(alertsQuery({ ...filter, state }))
  const rows = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (each) => state === 'all' || (state === 'open' ? OPEN.has(each.state) : each.state === state),
  )
  const inbox = useInbox(
    rows,
    open,
    (id) => void navigate({ search: (now) => ({ ...now, open: id }), replace: true, resetScroll: false }),
  )
  const handleIds = useHandle()
  const dayAfter = useSnoozeDay()
  const handle = (ids: Uuid[], handling: Handling) => {
    if (ids.length === 0) return
    if (handling.action !== 'acknowledge') inbox.stepPast(ids)
    inbox.clear()
    handleIds(ids, handling)
  }
  const target = () => (inbox.selected.size > 0 ? [...inbox.selected] : inbox.active ? [inbox.active.id] : [])
  useShortcuts([
    ...inbox.shortcuts('Alerts'),
    { keys: 'e', title: 'Resolve', group: 'Alerts', run: () => handle(target(), { action: 'resolve' }) },
    { keys: 'a', title: 'Acknowledge', group: 'Alerts', run: () => handle(target(), { action: 'acknowledge' }) },
    {
      keys: 's',
      title: 'Snooze for a week',
      group: 'Alerts',
      run: () => handle(target(), { action: 'snooze', until: dayAfter(7) }),
    },
  ])

  return (
    <Page title="Alerts" lead="One line for each case, closed by itself when the measure is back in its range.">
      <Inbox
        label="Alerts"
        inbox={inbox}
        query={query}
        toolbar={<AlertFilters search={search} />}
        bulk={<BulkHandling onHandle={(handling) => handle([...inbox.selected], handling)} />}
        empty={<NoAlerts isFiltered={Object.values(filter).some((value) => value !== undefined)} />}
        row={(each) => <AlertRow alert={each} />}
        nameOf={(each) => [each.title, each.product_title].filter(Boolean).join(', ')}
        detail={(each) => (
          <AlertDetail key={each.id} alert={each} onHandle={(handling) => handle([each.id], handling)} />
        )}
      />
    </Page>
  )
}
