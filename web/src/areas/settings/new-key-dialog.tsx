import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { sentenceOf } from '~/api/problem'
import { apiKeysQuery, createApiKey } from '~/api/settings'
import { Modal } from '~/ui/dialog'
import { Checkbox, TextInput } from '~/ui/fields'
import styles from './form.module.css'

/** What a program may be allowed to do; a key never manages members or keys. */
const SCOPES: readonly { value: string; label: string }[] = [
  { value: 'shop:read', label: 'Read the shop' },
  { value: 'lake:query', label: 'Ask by SQL' },
  { value: 'imports:write', label: 'Import files' },
  { value: 'decisions:write', label: 'Decide on recommendations and alerts' },
  { value: 'settings:write', label: 'Change settings' },
  { value: 'jobs:write', label: 'Start model runs' },
  { value: 'models:write', label: 'Promote and roll back models' },
]

/** Creates a key and shows its secret this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [scopes, setScopes] = useState(['shop:read'])
  const mutation = useMutation({
    mutationFn: createApiKey,
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim()
    mutation.mutate({ name, scopes, expires_at: null })
  }
  return (
    <Modal opened onClose={onClose} title="Create an API key" closeButtonProps={{ 'aria-label': 'Close' }}>
      {mutation.data ? (
        <Secret secret={mutation.data.key} onClose={onClose} />
      ) : (
        <form onSubmit={submit} className={styles.form}>
          <TextInput
            name="name"
            label="Name"
            description="What will use it"
            required
            withAsterisk={false}
            data-autofocus
            maxLength={80}
          />
          <Checkbox.Group label="Scopes" value={scopes} onChange={setScopes}>
            <div className={styles.choices}>
              {SCOPES.map(({ value, label }) => (
                <Checkbox key={value} size="xs" value={value} label={label} />
              ))}
            </div>
          </Checkbox.Group>
          {mutation.isError && <p role="alert">{sentenceOf(mutation.error)}</p>}
          <div className={styles.actions}>
            <Button type="submit" loading={mutation.isPending} disabled={scopes.length === 0}>
              Create
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div className={styles.form}>
      <p className={styles.note}>Copy the key now. It is stored as a hash and cannot be shown again.</p>
      <code className={styles.secret}>{secret}</code>
      <div className={styles.actions}>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
