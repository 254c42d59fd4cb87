import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery, revokeApiKey } from '~/api/settings'
import type { ApiKey } from '~/api/types'
import { NewKeyDialog } from '~/areas/settings/new-key-dialog'
import { may } from '~/lib/access'
import { ConfirmDialog } from '~/ui/confirm-dialog'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import { When } from '~/ui/when'
import styles from './form.module.css'

export function ApiKeysSection() {
  const me = useMe()
  const keys = useQuery(apiKeysQuery)
  const [isAdding, setAdding] = useState(false)
  return (
    <Panel
      flush
      title="API keys"
      subtitle="For scripts and other programs; each is limited to its scopes"
      actions={
        may(me, 'api_keys:write') && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Create a key
          </Button>
        )
      }
    >
      {keys.isPending ? (
        <BoneRows rows={2} />
      ) : keys.isError ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : keys.data.items.length === 0 ? (
        <p className={styles.empty}>
          No keys yet. The <a href="/api/docs">API reference</a> lists what a key can do.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={styles.scroll} tabIndex={0} aria-label="API keys, scrollable">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Scopes</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.data.items.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {isAdding && <NewKeyDialog onClose={() => setAdding(false)} />}
    </Panel>
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
