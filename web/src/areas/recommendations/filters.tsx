import { useNavigate } from '@tanstack/react-router'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { FilterTabs } from '~/ui/filter-tabs'
import { FilterBar, FilterSelect, SkuChip } from '~/ui/list-filters'

type Search = { state?: string; kind?: string; sku?: string; sort?: string }

const KIND_TITLES = Object.fromEntries(Object.entries(KINDS).map(([kind, { title }]) => [kind, title]))

const TABS = ['open', 'accepted', 'snoozed', 'dismissed'] as const

export function RecommendationFilters({ search }: { search: Search }) {
  const navigate = useNavigate({ from: '/recommendations' })
  const change = (changes: Search) =>
    void navigate({ search: (now) => ({ ...now, ...changes, open: '' }), replace: true })
  return (
    <FilterBar>
      <FilterTabs
        label="State"
        value={search.state ?? 'open'}
        options={[...TABS.map((value) => ({ value, title: STATES[value] })), { value: 'all', title: 'All' }]}
        onChange={(state) => change({ state: state === 'open' ? '' : state })}
      />
      <FilterSelect
        label="Kind"
        all="Every kind"
        value={search.kind}
        titles={KIND_TITLES}
        onChange={(kind) => change({ kind })}
      />
      <SkuChip sku={search.sku} />
    </FilterBar>
  )
}
