import { NativeSelect } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { KINDS, STATES } from '~/areas/recommendations/kinds'
import { FilterTabs } from '~/ui/filter-tabs'
import styles from './filters.module.css'

type Search = { state?: string; kind?: string; sku?: string; sort?: string }

const TABS = ['open', 'accepted', 'snoozed', 'dismissed'] as const

export function RecommendationFilters({ search }: { search: Search }) {
  const navigate = useNavigate({ from: '/recommendations' })
  const change = (changes: Search) =>
    void navigate({ search: (now) => ({ ...now, ...changes, open: '' }), replace: true })
  return (
    <div className={styles.bar}>
      <FilterTabs
        label="State"
        value={search.state ?? 'open'}
        options={[...TABS.map((value) => ({ value, title: STATES[value] })), { value: 'all', title: 'All' }]}
        onChange={(state) => change({ state: state === 'open' ? '' : state })}
      />
      <NativeSelect
        aria-label="Kind"
        size="xs"
        value={search.kind ?? ''}
        onChange={(event) => change({ kind: event.currentTarget.value })}
        data={[
          { value: '', label: 'Every kind' },
          ...Object.entries(KINDS).map(([value, { title }]) => ({ value, label: title })),
        ]}
      />
      {search.sku && (
        <Link
          to="."
          search={(now) => ({ ...now, sku: '' })}
          className={styles.chip}
          aria-label={`Remove the filter ${search.sku}`}
        >
          {search.sku}
          <IconX size={13} aria-hidden />
        </Link>
      )}
    </div>
  )
}
