import { IconTrendingUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DemandLine, DemandPlan } from '~/api/demand'
import { demandPlanQuery } from '~/api/demand'
import { formatDayRange } from '~/lib/days'
import { formatCount, formatMoney } from '~/lib/format'
import { splitCategory } from '~/lib/names'
import { AppLink } from '~/ui/app-link'
import { DataTable } from '~/ui/data-table'
import { Delta } from '~/ui/delta'
import { FilterTabs } from '~/ui/filter-tabs'
import { Page } from '~/ui/page'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { EmptyState, ErrorState } from '~/ui/states'

const SPANS = [
  { value: '7', title: '7 days' },
  { value: '28', title: '28 days' },
  { value: '56', title: '56 days' },
] as const
type Span = (typeof SPANS)[number]['value']

function spanOf(text: string | undefined): Span {
  return SPANS.find(({ value }) => value === text)?.value ?? '28'
}

/** What will sell, category by category and store by store, in numbers that add up. */
export function DemandPage() {
  const { days } = useSearch({ from: '/shell/demand' })
  const navigate = useNavigate({ from: '/demand' })
  const span = spanOf(days)
  const plan = useQuery(demandPlanQuery(Number(span)))
  return (
    <Page title="Demand" lead={plan.data && lead(plan.data)}>
      {plan.isPending ? (
        <BoneRows rows={8} height={40} />
      ) : plan.isError ? (
        <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
      ) : plan.data === null ? (
        <EmptyState icon={IconTrendingUp} title="No forecast yet">
          The daily run forecasts every product once there are sales. What the products are expected to sell adds up
          here.
        </EmptyState>
      ) : (
        <>
          <Panel
            flush
            title="Expected by category"
            subtitle="Products add up to their category, and categories to the shop"
            actions={
              <FilterTabs
                look="segments"
                label="Days ahead"
                value={span}
                options={SPANS}
                onChange={(next) => void navigate({ search: (now) => ({ ...now, days: next }), replace: true })}
              />
            }
          >
            <Table plan={plan.data} />
          </Panel>
          {plan.data.stores.length > 0 && (
            <Panel flush title="Expected by store" subtitle="Stores add up to the shop">
              <Stores plan={plan.data} />
            </Panel>
          )}
        </>
      )}
    </Page>
  )
}

function lead({ days, before }: DemandPlan): string {
  return `${formatDayRange(days.from, days.to)}, beside ${formatDayRange(before.from, before.to)}`
}

const UNIT_COLUMNS = [
  { title: 'Products', isNumber: true },
  { title: 'Sold before', isNumber: true },
  { title: 'Expected', isNumber: true },
  { title: '80% between', isNumber: true },
  { title: 'Change', isNumber: true },
]

function Stores({ plan }: { plan: DemandPlan }) {
  return (
    <DataTable
      label="Expected units by store"
      columns={[{ title: 'Store' }, ...UNIT_COLUMNS]}
      empty="Nothing is expected to sell."
      rows={plan.stores.map(({ store, line }) => ({ key: store, cells: [store, ...unitCells(line)] }))}
    />
  )
}

function Table({ plan }: { plan: DemandPlan }) {
  const rows = plan.categories.map(({ category, line }) => ({
    key: category ?? '',
    cells: cells(<Category name={category} />, line),
  }))
  return (
    <DataTable
      label="Expected units and revenue by category"
      columns={[{ title: 'Category' }, ...UNIT_COLUMNS, { title: 'Revenue at present prices', isNumber: true }]}
      empty="Nothing is expected to sell."
      rows={[...rows, { key: 'all products', cells: cells(<strong>All products</strong>, plan.whole) }]}
    />
  )
}

function Category({ name }: { name: string | null }) {
  if (name === null) return 'Without a category'
  return (
    <span title={name}>
      <AppLink href={`/products?category=${encodeURIComponent(name)}`}>{splitCategory(name)[0]}</AppLink>
    </span>
  )
}

function cells(name: ReactNode, line: DemandLine) {
  return [name, ...unitCells(line), line.revenue && formatMoney(line.revenue)]
}

function unitCells(line: DemandLine) {
  const change = line.units_before === 0 ? null : (line.units - line.units_before) / line.units_before
  return [
    formatCount(line.products),
    formatCount(line.units_before),
    formatCount(line.units),
    line.status === 'ready'
      ? `${formatCount(line.units_low80)} – ${formatCount(line.units_high80)}`
      : 'Not enough data',
    <Delta
      key="change"
      ratio={change}
      title={change === null ? 'Nothing sold before' : 'Against as many days before'}
    />,
  ]
}
