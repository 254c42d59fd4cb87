import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Modal } from '~/ui/dialog'
import styles from './confirm-dialog.module.css'

type Props = {
  title: string
  children: ReactNode
  confirm: string
  isRunning: boolean
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot simply be undone. */
export function ConfirmDialog({ title, children, confirm, isRunning, onConfirm, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={styles.text}>{children}</p>
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isRunning} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Modal>
  )
}
