import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { productsQuery } from '~/api/products'
import { DEFAULT_COLUMNS } from '~/areas/products/columns'
import { NoProducts } from '~/areas/products/no-products'
import { DEFAULT_SORT, type ProductSearch, parseSort, printSort, type Sort } from '~/areas/products/product-search'
import { ProductTable } from '~/areas/products/product-table'
import { SavedViews } from '~/areas/products/saved-views'
import { ProductToolbar } from '~/areas/products/toolbar'
import { plural } from '~/lib/format'
import { Page } from '~/ui/page'
import { Bone, BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import styles from './products-page.module.css'

/** Every product of the shop: find, compare, open. All of the table's state is in the address. */
export function ProductsPage() {
  const search = useSearch({ from: '/shell/products' })
  const navigate = useNavigate({ from: '/products' })
  const sort = parseSort(search.sort) ?? DEFAULT_SORT
  const { columns, ...filter } = search
  const products = useInfiniteQuery(productsQuery({ ...productFilter(filter), sort: printSort(sort) }))
  const rows = useMemo(() => products.data?.pages.flatMap((page) => page.items) ?? [], [products.data])
  const categories = products.data?.pages[0]?.categories ?? []
  const total = products.data?.pages[0]?.total
  const visible = useMemo(() => columns?.split(',') ?? DEFAULT_COLUMNS, [columns])

  const change = (changes: ProductSearch) => {
    void navigate({ search: (now) => ({ ...now, ...changes }), replace: true })
  }
  const sortBy = (next: Sort) => change({ sort: printSort(next) })

  return (
    <div className={styles.page}>
      <Page
        title="Products"
        lead={typeof total === 'number' ? plural(total, 'product') : <Bone width={84} height={13} />}
      >
        <SavedViews />
        <div className={styles.panel}>
          <ProductToolbar search={search} visible={visible} categories={categories} onChange={change} />
          {products.isPending ? (
            <BoneRows rows={12} height={48} />
          ) : products.isError ? (
            <ErrorState error={products.error} onRetry={() => void products.refetch()} />
          ) : rows.length === 0 ? (
            <NoProducts isFiltered={hasFilter(search)} onClear={() => void navigate({ search: {} })} />
          ) : (
            <ProductTable
              rows={rows}
              total={total ?? rows.length}
              visible={visible}
              sort={sort}
              onSort={sortBy}
              isOld={products.isPlaceholderData}
              onEnd={() => {
                if (products.hasNextPage && !products.isFetching) void products.fetchNextPage()
              }}
            />
          )}
        </div>
      </Page>
    </div>
  )
}

/** The part of the address the server filters by. */
function productFilter({ search, category, status }: ProductSearch) {
  return { search, category, status }
}

function hasFilter({ search, category, status }: ProductSearch): boolean {
  return [search, category, status].some((value) => value !== undefined)
}
