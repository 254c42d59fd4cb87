import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './detail.module.css'

type Props = {
  /** What it is, in a word or two, with its glyph if it has one. */
  kind: ReactNode
  title: string
  /** The product that it is about, if it is about one. */
  sku?: string | null
  /** The product's name, where the title is not it. */
  product?: string | null
  children: ReactNode
}

/** The open entry of an inbox: what it is, about which product, then all there is to say. */
export function Detail({ kind, title, sku, product, children }: Props) {
  return (
    <div className={styles.detail}>
      <header>
        <p className={styles.kind}>{kind}</p>
        <h2 className={styles.title}>{title}</h2>
        {sku && (
          <Link to="/products/$sku" params={{ sku }} className={styles.product}>
            {product} <span className={styles.sku}>{sku}</span>
            <IconArrowRight size={13} aria-hidden />
          </Link>
        )}
      </header>
      {children}
    </div>
  )
}
