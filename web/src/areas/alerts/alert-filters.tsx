import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { alertCountsQuery } from '~/api/alerts'
import { ALERT_KINDS } from '~/areas/alerts/kinds'
import { TextInput } from '~/ui/fields'
import { FilterTabs } from '~/ui/filter-tabs'
import { FilterBar, FilterSelect, SkuChip } from '~/ui/list-filters'
import { SEVERITY_TITLES } from '~/ui/severity'
import styles from './alert-filters.module.css'

type Search = { state?: string; severity?: string; kind?: string; search?: string; sku?: string }

const TYPING_MS = 220

export function AlertFilters({ search }: { search: Search }) {
  const navigate = useNavigate({ from: '/alerts' })
  const counts = useQuery(alertCountsQuery).data
  const change = (changes: Search) =>
    void navigate({ search: (now) => ({ ...now, ...changes, open: '' }), replace: true })
  return (
    <FilterBar>
      <FilterTabs
        label="State"
        value={search.state ?? 'open'}
        options={[
          { value: 'open', title: 'Open', count: counts?.open },
          { value: 'snoozed', title: 'Snoozed', count: counts?.snoozed },
          { value: 'resolved', title: 'Resolved' },
          { value: 'all', title: 'All' },
        ]}
        onChange={(state) => change({ state: state === 'open' ? '' : state })}
      />
      <FilterSelect
        label="Severity"
        all="Every severity"
        value={search.severity}
        titles={SEVERITY_TITLES}
        onChange={(severity) => change({ severity })}
      />
      <FilterSelect
        label="Kind"
        all="Every kind"
        value={search.kind}
        titles={ALERT_KINDS}
        onChange={(kind) => change({ kind })}
      />
      <Find value={search.search ?? ''} onFind={(text) => change({ search: text })} />
      <SkuChip sku={search.sku} />
    </FilterBar>
  )
}

function Find({ value, onFind }: { value: string; onFind: (text: string) => void }) {
  const [text, setText] = useState(value)
  const find = useRef(onFind)
  find.current = onFind
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => find.current(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <TextInput
      type="search"
      size="xs"
      className={styles.find}
      aria-label="Search alerts"
      placeholder="Search"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}
