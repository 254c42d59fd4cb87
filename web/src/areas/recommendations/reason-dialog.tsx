import { Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Modal } from '~/ui/dialog'
import { TextInput } from '~/ui/fields'
import styles from './reason-dialog.module.css'

type Props = { onReason: (reason: string) => void; onClose: () => void }

/** Asks why a recommendation is dismissed, in the member's own words. */
export default function ReasonDialog({ onReason, onClose }: Props) {
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') onReason(reason.trim())
  }
  return (
    <Modal opened onClose={onClose} title="Why dismiss it?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label="Reason"
          description="It stays with the decision and teaches later ranking."
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" disabled={reason.trim() === ''}>
          Dismiss
        </Button>
      </form>
    </Modal>
  )
}
