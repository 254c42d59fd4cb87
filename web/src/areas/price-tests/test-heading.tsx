import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import styles from './price-tests.module.css'

/** What it is, and of which product. */
export function TestHeading({ kind, sku, title }: { kind: string; sku: string; title: string }) {
  return (
    <header>
      <p className={styles.kind}>{kind}</p>
      <h2 className={styles.title}>{title}</h2>
      <Link to="/products/$sku" params={{ sku }} className={styles.product}>
        {sku}
        <IconArrowRight size={13} aria-hidden />
      </Link>
    </header>
  )
}
