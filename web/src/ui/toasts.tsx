import { CloseButton, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Toast, toasts } from '~/ui/toast'
import styles from './toasts.module.css'

const SHOWN_MS = 8000

/** Announced politely; stays while the pointer or the focus is on it. */
export function Toasts() {
  const list = useSyncExternalStore(toasts.subscribe, toasts.list)
  return (
    <section aria-label="Messages" aria-live="polite" className={styles.stack}>
      {list.map((toast) => (
        <Row key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function Row({ toast }: { toast: Toast }) {
  const { id, tone, title, text, undo } = toast
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    // A failure is read, not glimpsed: it waits to be closed.
    if (isHeld || tone === 'failed') return
    const timer = setTimeout(() => toasts.close(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id, tone, isHeld])
  const Glyph = tone === 'failed' ? IconAlertTriangle : IconCheck
  const hold = () => setHeld(true)
  const release = () => setHeld(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at a message only keeps it from closing by itself.
    <div
      className={styles.toast}
      data-tone={tone}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <Glyph size={16} stroke={2} aria-hidden className={styles.glyph} />
      <p className={styles.text}>
        {title && <strong>{title}</strong>}
        {text}
      </p>
      {undo && (
        <UnstyledButton
          className={styles.undo}
          onClick={() => {
            toasts.close(id)
            undo()
          }}
        >
          Undo
        </UnstyledButton>
      )}
      <CloseButton size="sm" aria-label="Close the message" onClick={() => toasts.close(id)} />
    </div>
  )
}
