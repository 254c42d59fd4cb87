import { Button } from '@mantine/core'
import { IconAdjustments, IconChevronLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProductDetail } from '~/api/types'
import { LimitsDialog } from '~/areas/products/detail/limits-dialog'
import { may } from '~/lib/access'
import { useMe } from '~/ui/use-me'
import styles from './heading.module.css'

const DEMAND_TITLES: Record<string, string> = {
  smooth: 'Steady demand',
  erratic: 'Erratic demand',
  intermittent: 'Intermittent demand',
  lumpy: 'Lumpy demand',
}

export function ProductHeading({ product }: { product: ProductDetail }) {
  const me = useMe()
  const [isEditing, setEditing] = useState(false)
  const demandClass = product.demand.demand_class
  const facts = [
    product.sku,
    product.category?.replaceAll(' > ', ' › '),
    product.brand,
    demandClass && (DEMAND_TITLES[demandClass] ?? demandClass),
  ]
  return (
    <header className={styles.heading}>
      <div className={styles.titles}>
        <Link to="/products" className={styles.back}>
          <IconChevronLeft size={14} aria-hidden />
          Products
        </Link>
        <h1 className={styles.title}>{product.title}</h1>
        <p className={styles.facts}>{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {may(me, 'decisions:write') && (
        <Button variant="default" leftSection={<IconAdjustments size={15} />} onClick={() => setEditing(true)}>
          Limits
        </Button>
      )}
      {isEditing && <LimitsDialog product={product} onClose={() => setEditing(false)} />}
    </header>
  )
}
