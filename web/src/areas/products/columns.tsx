// The columns of the product table: what each shows, how wide it is, what it sorts by.

import { IconAlertTriangle, IconBell, IconBulb } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { ProductRow } from '~/api/types'
import type { SortColumn } from '~/areas/products/product-search'
import { formatCount, formatMoney, formatMoneyBrief, formatRatio, plural } from '~/lib/format'
import { splitCategory } from '~/lib/names'
import { Delta } from '~/ui/delta'
import { Sparkline } from '~/ui/sparkline'
import styles from './columns.module.css'

export type ProductColumn = {
  id: string
  title: string
  /** A CSS grid track. */
  track: string
  align: 'start' | 'end'
  sort?: SortColumn
  /** Shown until somebody hides it. */
  isDefault: boolean
  cell: (row: ProductRow) => ReactNode
}

const NONE = <span className={styles.none}>–</span>

export const COLUMNS: readonly ProductColumn[] = [
  {
    id: 'product',
    title: 'Product',
    track: 'minmax(220px, 1fr)',
    align: 'start',
    sort: 'title',
    isDefault: true,
    cell: Product,
  },
  {
    id: 'category',
    title: 'Category',
    track: '120px',
    align: 'start',
    isDefault: false,
    cell: (row) => (
      <span className={styles.cut} title={row.category ?? undefined}>
        {row.category === null ? NONE : splitCategory(row.category)[0]}
      </span>
    ),
  },
  {
    id: 'price',
    title: 'Price',
    track: '84px',
    align: 'end',
    sort: 'price',
    isDefault: true,
    cell: (row) => (row.price ? formatMoney(row.price) : NONE),
  },
  { id: 'margin', title: 'Margin', track: '76px', align: 'end', sort: 'margin_rate', isDefault: true, cell: Margin },
  { id: 'stock', title: 'Stock', track: '76px', align: 'end', sort: 'stock', isDefault: true, cell: Stock },
  { id: 'cover', title: 'Cover', track: '84px', align: 'end', sort: 'stock_cover', isDefault: true, cell: Cover },
  {
    id: 'units',
    title: 'Units, 30 d',
    track: '92px',
    align: 'end',
    sort: 'units',
    isDefault: true,
    cell: (row) => formatCount(row.units_30d),
  },
  {
    id: 'revenue',
    title: 'Revenue, 30 d',
    track: '116px',
    align: 'end',
    sort: 'revenue',
    isDefault: true,
    cell: (row) => <strong className={styles.strong}>{formatMoneyBrief(row.revenue_30d)}</strong>,
  },
  {
    id: 'change',
    title: 'Change',
    track: '80px',
    align: 'end',
    isDefault: true,
    cell: (row) => <Delta ratio={row.revenue_delta} title="Against the 30 days before" />,
  },
  {
    id: 'trend',
    title: 'Trend',
    track: '88px',
    align: 'end',
    isDefault: true,
    cell: (row) => <Sparkline values={row.spark} width={72} height={24} />,
  },
  {
    id: 'forecast',
    title: 'Next 28 d, units',
    track: '112px',
    align: 'end',
    sort: 'forecast',
    isDefault: true,
    cell: (row) => (row.forecast_units_28d === null ? NONE : formatCount(row.forecast_units_28d)),
  },
  {
    id: 'elasticity',
    title: 'Elasticity',
    track: '84px',
    align: 'end',
    isDefault: false,
    cell: (row) => (row.elasticity === null ? NONE : formatCount(row.elasticity, 2)),
  },
  {
    id: 'rating',
    title: 'Rating',
    track: '72px',
    align: 'end',
    isDefault: false,
    cell: (row) => (row.rating === null ? NONE : `${formatCount(row.rating, 1)} / 5`),
  },
  { id: 'open', title: 'To do', track: '88px', align: 'end', isDefault: true, cell: Open },
]

export const DEFAULT_COLUMNS = COLUMNS.filter((column) => column.isDefault).map((column) => column.id)

function Product(row: ProductRow) {
  return (
    <span className={styles.product}>
      <Link to="/products/$sku" params={{ sku: row.sku }} className={styles.title} title={row.title} data-row-link>
        {row.title}
      </Link>
      <span className={styles.sku}>{row.sku}</span>
    </span>
  )
}

function Margin({ margin_rate: rate }: ProductRow) {
  if (rate === null) return NONE
  return <span className={rate < 0 ? styles.loss : undefined}>{formatRatio(rate, { digits: 0 })}</span>
}

function Stock({ stock }: ProductRow) {
  if (stock === null) return NONE
  return stock > 0 ? formatCount(stock) : <span className={styles.out}>Out</span>
}

const SHORT_COVER_DAYS = 14

function Cover({ stock_cover_days: days, stock }: ProductRow) {
  if (days === null || stock === 0) return NONE
  const text = days > 365 ? '> 1 year' : `${formatCount(days)} d`
  return days < SHORT_COVER_DAYS ? (
    <span className={styles.short} title="Runs out within two weeks">
      <IconAlertTriangle size={12} stroke={2} aria-hidden />
      {text}
    </span>
  ) : (
    text
  )
}

function Open({ sku, open_recommendations: advice, open_alerts: alerts }: ProductRow) {
  if (advice + alerts === 0) return null
  return (
    <span className={styles.open}>
      {alerts > 0 && (
        <Link
          to="/alerts"
          search={{ sku }}
          className={styles.alerts}
          title={plural(alerts, 'open alert')}
          aria-label={plural(alerts, 'open alert')}
        >
          <IconBell size={14} stroke={1.8} aria-hidden />
          {formatCount(alerts)}
        </Link>
      )}
      {advice > 0 && (
        <Link
          to="/recommendations"
          search={{ sku }}
          className={styles.advice}
          title={plural(advice, 'open recommendation')}
          aria-label={plural(advice, 'open recommendation')}
        >
          <IconBulb size={14} stroke={1.8} aria-hidden />
          {formatCount(advice)}
        </Link>
      )}
    </span>
  )
}

export const features = tableFeatures({ columnVisibilityFeature })
const helper = createColumnHelper<typeof features, ProductRow>()

export const TABLE_COLUMNS = helper.columns(
  COLUMNS.map((column) =>
    helper.display({ id: column.id, header: column.title, cell: ({ row }) => column.cell(row.original) }),
  ),
)
