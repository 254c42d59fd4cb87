import type { ReactNode } from 'react'
import styles from './page.module.css'

type Props = {
  title: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
  width?: 'full' | 'reading'
}

/** A page: its one heading, the actions on all of it, the content. */
export function Page({ title, lead, actions, children, width = 'full' }: Props) {
  return (
    <div className={`${styles.page} ${width === 'reading' ? styles.reading : ''}`}>
      <header className={styles.header}>
        <div className={styles.titles}>
          <h1 className={styles.title}>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}
