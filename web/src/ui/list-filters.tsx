import { IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { NativeSelect } from '~/ui/fields'
import styles from './list-filters.module.css'

/** The filters above a list, wrapping where the list is narrow. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className={styles.bar}>{children}</div>
}

type SelectProps = {
  label: string
  /** The choice that filters nothing. */
  all: string
  value: string | undefined
  titles: Readonly<Record<string, string>>
  onChange: (value: string) => void
}

/** One of many, or all. */
export function FilterSelect({ label, all, value, titles, onChange }: SelectProps) {
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: all },
        ...Object.entries(titles).map(([code, title]) => ({ value: code, label: title })),
      ]}
    />
  )
}

/** The product a list was opened for; a click shows all again. */
export function SkuChip({ sku }: { sku: string | undefined }) {
  if (!sku) return null
  return (
    <Link
      to="."
      search={(now) => ({ ...now, sku: '' })}
      className={styles.chip}
      aria-label={`Remove the filter ${sku}`}
    >
      {sku}
      <IconX size={13} aria-hidden />
    </Link>
  )
}
