import { Button } from '@mantine/core'
import { type Icon, IconAlertTriangle, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError, sentenceOf } from '~/api/problem'
import styles from './states.module.css'

type EmptyProps = {
  icon: Icon
  title: string
  children?: ReactNode
  action?: ReactNode
  /** `h1` where nothing else is on the page. */
  heading?: 'h1' | 'h2'
}

/** Nothing here yet, said with one thing to do about it. */
export function EmptyState({ icon: Glyph, title, children, action, heading: Heading = 'h2' }: EmptyProps) {
  return (
    <div className={styles.state}>
      <div className={styles.glyph}>
        <Glyph size={20} stroke={1.6} aria-hidden />
      </div>
      <Heading className={styles.title}>{title}</Heading>
      {children && <p className={styles.text}>{children}</p>}
      {action}
    </div>
  )
}

type ErrorProps = { error: unknown; onRetry?: () => void; title?: string }

/** What happened, whether it can be tried again, and the number to quote when asking for help. */
export function ErrorState({ error, onRetry, title }: ErrorProps) {
  const problem = error instanceof ApiError ? error : null
  if (problem?.isForbidden) return <ForbiddenState detail={problem.detail} />
  return (
    <div className={styles.state} role="alert">
      <div className={`${styles.glyph} ${styles.critical}`}>
        <IconAlertTriangle size={20} stroke={1.6} aria-hidden />
      </div>
      <h2 className={styles.title}>{title ?? problem?.message ?? 'This could not be shown'}</h2>
      <p className={styles.text}>{sentenceOf(error)}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
      {problem?.requestId && <p className={styles.request}>Request {problem.requestId}</p>}
    </div>
  )
}

function ForbiddenState({ detail }: { detail: string }) {
  return (
    <EmptyState icon={IconLock} title="Your role does not include this">
      {detail || 'Ask an owner of this shop to give you access.'}
    </EmptyState>
  )
}
