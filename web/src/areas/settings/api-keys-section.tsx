import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery, revokeApiKey } from '~/api/settings'
import type { ApiKey } from '~/api/types'
import { NewKeyDialog } from '~/areas/settings/new-key-dialog'
import { TableSection } from '~/areas/settings/table-section'
import { may } from '~/lib/access'
import { ConfirmDialog } from '~/ui/confirm-dialog'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './form.module.css'

export function ApiKeysSection() {
  const me = useMe()
  const keys = useQuery(apiKeysQuery)
  const [isAdding, setAdding] = useState(false)
  return (
    <TableSection
      title="API keys"
      subtitle="For scripts and other programs; each is limited to its scopes"
      columns={['Name', 'Scopes', 'Last used']}
      hasActions
      query={keys}
      row={(key) => <KeyRow key={key.id} apiKey={key} />}
      empty={
        <>
          No keys yet. The{' '}
          <a href="/api/docs" className={styles.link} target="_blank" rel="noreferrer">
            API reference
          </a>{' '}
          lists what a key can do.
        </>
      }
      add={may(me, 'api_keys:write') ? { label: 'Create a key', onClick: () => setAdding(true) } : undefined}
    >
      {isAdding && <NewKeyDialog onClose={() => setAdding(false)} />}
    </TableSection>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const me = useMe()
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const revoke = useMutation({
    mutationFn: () => revokeApiKey(apiKey.id),
    onSuccess: () => {
      setAsking(false)
      toastDone(`The key ${apiKey.name} no longer works.`)
    },
    onError: (error) => toastFailed('The key was not revoked', error),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  })
  return (
    <tr>
      <td>
        <span className={styles.name}>{apiKey.name}</span>
        <span className={styles.code}>{apiKey.prefix}…</span>
      </td>
      <td>{apiKey.scopes.join(', ')}</td>
      <td>{apiKey.last_used_at ? <When at={apiKey.last_used_at} /> : 'Never'}</td>
      <td>
        {may(me, 'api_keys:write') && (
          <Button variant="subtle" color="gray" onClick={() => setAsking(true)} aria-label={`Revoke ${apiKey.name}`}>
            Revoke
          </Button>
        )}
        {isAsking && (
          <ConfirmDialog
            title={`Revoke ${apiKey.name}?`}
            confirm="Revoke"
            isRunning={revoke.isPending}
            onConfirm={() => revoke.mutate()}
            onClose={() => setAsking(false)}
          >
            Programs that use it are refused from now on. A revoked key cannot be brought back.
          </ConfirmDialog>
        )}
      </td>
    </tr>
  )
}
