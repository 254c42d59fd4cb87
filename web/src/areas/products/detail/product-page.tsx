import { Button } from '@mantine/core'
import { IconPackageOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ApiError } from '~/api/problem'
import { productQuery } from '~/api/products'
import type { ProductDetail } from '~/api/types'
import { Advice } from '~/areas/products/detail/advice'
import { DemandChart } from '~/areas/products/detail/demand-chart'
import { Facts } from '~/areas/products/detail/facts'
import { ProductHeading } from '~/areas/products/detail/heading'
import { Listings } from '~/areas/products/detail/listings'
import { PriceHistory } from '~/areas/products/detail/price-history'
import { PriceLab } from '~/areas/products/detail/price-lab'
import { ProductAlerts } from '~/areas/products/detail/product-alerts'
import { ProductSkeleton } from '~/areas/products/detail/product-skeleton'
import { Reviews } from '~/areas/products/detail/reviews'
import { SeasonPlanner } from '~/areas/products/detail/season-planner'
import { Simulator } from '~/areas/products/detail/simulator'
import { StockChart } from '~/areas/products/detail/stock-chart'
import { UnusualDays } from '~/areas/products/detail/unusual-days'
import { Page } from '~/ui/page'
import { EmptyState, ErrorState } from '~/ui/states'
import styles from './product-page.module.css'

/** Everything about one Sku on one screen: should this price be believed, will the stock last, what to do. */
export function ProductPage() {
  const { sku } = useParams({ from: '/shell/products/$sku' })
  const product = useQuery(productQuery(sku))
  const title = product.data?.title
  useEffect(() => {
    if (title) document.title = `${title} · ShelfIQ`
  }, [title])

  if (product.isPending) return <ProductSkeleton sku={sku} />
  if (product.isError) {
    return (
      <Page title={sku}>
        {product.error instanceof ApiError && product.error.isNotFound ? (
          <EmptyState
            icon={IconPackageOff}
            title={`There is no product “${sku}”`}
            action={<Button renderRoot={(props) => <Link to="/products" {...props} />}>All products</Button>}
          />
        ) : (
          <ErrorState error={product.error} onRetry={() => void product.refetch()} />
        )}
      </Page>
    )
  }
  return <Content key={sku} product={product.data} />
}

function Content({ product }: { product: ProductDetail }) {
  return (
    <div className={styles.page}>
      <ProductHeading product={product} />
      <Facts product={product} />
      <div className={styles.grid}>
        <div className={styles.column}>
          <PriceLab product={product} />
          <Simulator product={product} />
          <SeasonPlanner product={product} />
          <DemandChart product={product} />
          <StockChart product={product} />
        </div>
        <div className={styles.column}>
          <Advice product={product} />
          <PriceHistory product={product} />
          <ProductAlerts alerts={product.alerts} />
          <UnusualDays sku={product.sku} />
          <Listings stores={product.stores} />
        </div>
      </div>
      <Reviews reviews={product.reviews} />
    </div>
  )
}
