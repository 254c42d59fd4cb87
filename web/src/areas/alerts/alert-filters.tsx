import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { alertCountsQuery } from '~/api/alerts'
import { FilterTabs } from '~/ui/filter-tabs'
import { SEVERITY_TITLES } from '~/ui/severity'
import styles from './alert-filters.module.css'

type Search = { state?: string; severity?: string; search?: string; sku?: string }

const TYPING_MS = 220

export function AlertFilters({ search }: { search: Search }) {
  const navigate = useNavigate({ from: '/alerts' })
  const counts = useQuery(alertCountsQuery).data
  const change = (changes: Search) =>
    void navigate({ search: (now) => ({ ...now, ...changes, open: '' }), replace: true })
  return (
    <div className={styles.bar}>
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
      <NativeSelect
        aria-label="Severity"
        size="xs"
        value={search.severity ?? ''}
        onChange={(event) => change({ severity: event.currentTarget.value })}
        data={[
          { value: '', label: 'Every severity' },
          ...Object.entries(SEVERITY_TITLES).map(([value, label]) => ({ value, label })),
        ]}
      />
      <Find value={search.search ?? ''} onFind={(text) => change({ search: text })} />
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
