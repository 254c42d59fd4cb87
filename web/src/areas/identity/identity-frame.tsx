import type { ReactNode } from 'react'
import { ThemeToggle } from '~/app/shell/theme-toggle'
import { Logo } from '~/ui/logo'
import styles from './identity.module.css'

type Props = { title: string; lead: string; children: ReactNode; version: string | undefined }

/** The pages before the shell: one card, nothing else. */
export function IdentityFrame({ title, lead, children, version }: Props) {
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <ThemeToggle />
      </div>
      <div className={styles.column}>
        <div className={styles.brand}>
          <Logo size={32} />
          <span>ShelfIQ</span>
        </div>
        <div className={styles.card}>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.lead}>{lead}</p>
          {children}
        </div>
        {version && <p className={styles.version}>ShelfIQ {version}, running on this machine</p>}
      </div>
    </main>
  )
}
