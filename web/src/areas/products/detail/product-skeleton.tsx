import { Bone } from '~/ui/skeleton'
import styles from './product-page.module.css'

export function ProductSkeleton({ sku }: { sku: string }) {
  return (
    <div className={styles.page} role="status">
      <h1 className="visually-hidden">Loading {sku}</h1>
      <Bone width={320} height={28} />
      <Bone height={84} />
      <div className={styles.grid}>
        <Bone height={440} />
        <Bone height={440} />
        <Bone height={330} />
        <Bone height={330} />
      </div>
    </div>
  )
}
