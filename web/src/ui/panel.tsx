import { type ReactNode, useId } from 'react'
import styles from './panel.module.css'

type Props = {
  title: ReactNode
  subtitle?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The content reaches the edges (tables, lists). */
  flush?: boolean
  className?: string | undefined
}

/** A titled surface: the building block of every page. */
export function Panel({ title, subtitle, actions, children, flush = false, className = '' }: Props) {
  const id = useId()
  return (
    <section className={`${styles.panel} ${className}`} aria-labelledby={id}>
      <header className={styles.header}>
        <div className={styles.titles}>
          <h2 id={id} className={styles.title}>
            {title}
          </h2>
          {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  )
}
