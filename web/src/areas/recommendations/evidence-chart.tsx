import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { productQuery } from '~/api/products'
import type { ProductDetail, Recommendation } from '~/api/types'
import { curveSpec } from '~/areas/products/detail/curve'
import { demandSpec } from '~/areas/products/detail/demand-spec'
import { advisedPrice } from '~/areas/recommendations/words'
import { LineChart } from '~/charts/line-chart'
import { approximate } from '~/lib/money'
import { Bone } from '~/ui/skeleton'
import styles from './evidence-chart.module.css'

const DAYS = 90

/** The picture behind the advice: the demand curve for a price, the forecast for an order. */
export function EvidenceChart({ recommendation }: { recommendation: Recommendation }) {
  const product = useQuery(productQuery(recommendation.sku))
  if (product.isPending) return <Bone height={221} />
  if (product.isError) return null
  return recommendation.kind === 'restock' ? (
    <Demand product={product.data} />
  ) : (
    <Curve product={product.data} recommendation={recommendation} />
  )
}

function Curve({ product, recommendation }: { product: ProductDetail; recommendation: Recommendation }) {
  const elasticity = product.price_model
  const price = advisedPrice(recommendation)
  const advised = price && approximate(price)
  const spec = useMemo(
    () =>
      elasticity &&
      curveSpec(elasticity, elasticity.unit_cost === null ? 'revenue' : 'margin', advised ?? elasticity.current_price),
    [elasticity, advised],
  )
  if (spec === null) return <Demand product={product} />
  return (
    <figure className={styles.figure}>
      <figcaption>Expected result of 28 days by price</figcaption>
      <LineChart
        spec={spec}
        height={200}
        label="Expected result of 28 days by price, with the prices never tried shaded"
      />
    </figure>
  )
}

function Demand({ product }: { product: ProductDetail }) {
  const spec = useMemo(() => demandSpec(product.demand, DAYS), [product.demand])
  if (spec.x.length === 0) return null
  return (
    <figure className={styles.figure}>
      <figcaption>Units sold and expected, by day</figcaption>
      <LineChart hasLegend spec={spec} height={200} label="Units sold and expected, by day" />
    </figure>
  )
}
