import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './detail.module.css'

type Props = {
  /** What it is, in a word or two. */
  kind: string
  title: string
  sku: string
  /** The product's name, where the title is not it. */
  product?: string
  children: ReactNode
}

/** The open entry of an inbox about one product: what it is, which product, then all there is to say. */
export function Detail({ kind, title, sku, product, children }: Props) {
  return (
    <div className={styles.detail}>
      <header>
        <p className={styles.kind}>{kind}</p>
        <h2 className={styles.title}>{title}</h2>
        <Link to="/products/$sku" params={{ sku }} className={styles.product}>
          {product} <span className={styles.sku}>{sku}</span>
          <IconArrowRight size={13} aria-hidden />
        </Link>
      </header>
      {children}
    </div>
  )
}
