import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { priceTestsQuery } from '~/api/price-tests'
import { Proposals } from '~/areas/price-tests/proposals'
import { Tests } from '~/areas/price-tests/tests'
import { FilterTabs } from '~/ui/filter-tabs'
import { Page } from '~/ui/page'

type Show = 'proposed' | 'running' | 'ended'

/** Where the data cannot tell what a price does: the cheapest safe way to find out, and what running tests say. */
export function PriceTestsPage() {
  const { show: asked, open } = useSearch({ from: '/shell/price-tests' })
  const navigate = useNavigate({ from: '/price-tests' })
  const tests = useQuery(priceTestsQuery)
  const running = tests.data?.items.filter((test) => test.state === 'running') ?? []
  const show: Show = asked === 'running' || asked === 'ended' ? asked : 'proposed'
  const go = (next: { show?: string; open?: string }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false })
  const toolbar = (
    <FilterTabs
      label="Show"
      value={show}
      onChange={(next) => go({ show: next === 'proposed' ? '' : next, open: '' })}
      options={[
        { value: 'proposed', title: 'Proposed' },
        { value: 'running', title: 'Running', count: running.length },
        { value: 'ended', title: 'Ended' },
      ]}
    />
  )
  const onOpen = (id: string) => go({ open: id })
  return (
    <Page
      title="Price tests"
      lead="Where the past cannot tell what another price would do, a short test can. Prices take turns in an order drawn by lot."
    >
      {show === 'proposed' ? (
        <Proposals toolbar={toolbar} open={open} onOpen={onOpen} />
      ) : (
        <Tests key={show} isRunning={show === 'running'} query={tests} toolbar={toolbar} open={open} onOpen={onOpen} />
      )}
    </Page>
  )
}
