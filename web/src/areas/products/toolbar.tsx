import { Button, CloseButton, Popover } from '@mantine/core'
import { IconColumns3, IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { COLUMNS, DEFAULT_COLUMNS } from '~/areas/products/columns'
import { type ProductSearch, STATUS_TITLES } from '~/areas/products/product-search'
import { Checkbox, NativeSelect, TextInput } from '~/ui/fields'
import styles from './toolbar.module.css'

const TYPING_MS = 220

type Props = {
  search: ProductSearch
  visible: readonly string[]
  categories: readonly string[]
  onChange: (changes: ProductSearch) => void
}

export function ProductToolbar({ search, visible, categories, onChange }: Props) {
  return (
    <div className={styles.bar}>
      <SearchBox value={search.search ?? ''} onChange={(text) => onChange({ search: text })} />
      <NativeSelect
        aria-label="Category"
        size="xs"
        value={search.category ?? ''}
        onChange={(event) => onChange({ category: event.currentTarget.value })}
        data={[{ value: '', label: 'All categories' }, ...withCurrent(categories, search.category)]}
      />
      <NativeSelect
        aria-label="Status"
        size="xs"
        value={search.status ?? ''}
        onChange={(event) => onChange({ status: event.currentTarget.value })}
        data={[
          { value: '', label: 'Any status' },
          ...Object.entries(STATUS_TITLES).map(([value, label]) => ({ value, label })),
        ]}
      />
      <div className={styles.space} />
      <Popover position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="default" leftSection={<IconColumns3 size={15} />}>
            Columns
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Columns">
          <ColumnChoice visible={visible} onChange={onChange} />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}

/** A filter that arrived by link stays selectable even when its category is no longer in the list. */
function withCurrent(categories: readonly string[], current: string | undefined): string[] {
  return current === undefined || categories.includes(current) ? [...categories] : [current, ...categories]
}

function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    // The address changed by other means (a saved view, the back button).
    if (value !== sent.current) {
      sent.current = value
      setText(value)
    }
  }, [value])
  const send = useRef(onChange)
  send.current = onChange
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      send.current(text)
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <TextInput
      type="search"
      size="xs"
      className={styles.search}
      aria-label="Search products"
      placeholder="Search by name or Sku"
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

function ColumnChoice({ visible, onChange }: Pick<Props, 'visible' | 'onChange'>) {
  const toggle = (id: string) => {
    const next = COLUMNS.map((column) => column.id).filter((each) => (each === id) !== visible.includes(each))
    onChange({ columns: next.join() === DEFAULT_COLUMNS.join() ? '' : next.join() })
  }
  return (
    <div className={styles.columns}>
      {COLUMNS.filter((column) => column.id !== 'product').map((column) => (
        <Checkbox
          key={column.id}
          size="xs"
          label={column.title}
          checked={visible.includes(column.id)}
          onChange={() => toggle(column.id)}
        />
      ))}
    </div>
  )
}
