import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { deleteView, saveView, viewsQuery } from '~/api/products'
import { parseSearch, printSearch } from '~/app/search'
import { parseProductSearch } from '~/areas/products/product-search'
import { Modal } from '~/ui/dialog'
import { TextInput } from '~/ui/fields'
import { toastDone, toastFailed } from '~/ui/toast'
import styles from './saved-views.module.css'

const AREA = 'products'

/** A view is an address with a name. */
export function SavedViews() {
  const search = parseProductSearch(useSearch({ from: '/shell/products' }))
  const current = printSearch(search).slice(1)
  const views = useQuery(viewsQuery(AREA)).data?.items ?? []
  const queries = useQueryClient()
  const [isNaming, setNaming] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: ['views', AREA] })
  const create = useMutation({
    mutationFn: (name: string) => saveView(AREA, name, current),
    onSuccess: refresh,
    onError: (error) => toastFailed('The view was not saved', error),
  })
  const remove = useMutation({
    mutationFn: ({ id }: { id: string; name: string; query: string }) => deleteView(id),
    onSuccess: async (_, { name, query }) => {
      await refresh()
      toastDone(`View “${name}” deleted.`, () => void saveView(AREA, name, query).then(refresh))
    },
    onError: (error) => toastFailed('The view was not deleted', error),
  })
  const isSaved = current === '' || views.some((view) => view.query === current)
  return (
    <nav aria-label="Saved views" className={styles.bar}>
      <Link to="/products" className={styles.view} data-active={current === '' || undefined} search={{}}>
        All products
      </Link>
      {views.map((view) => {
        const isActive = view.query === current
        return (
          <span key={view.id} className={styles.pair}>
            <Link
              to="/products"
              search={parseProductSearch(parseSearch(view.query))}
              className={styles.view}
              data-active={isActive || undefined}
            >
              {view.name}
            </Link>
            {isActive && (
              <ActionIcon size={20} aria-label={`Delete the view ${view.name}`} onClick={() => remove.mutate(view)}>
                <IconX size={13} />
              </ActionIcon>
            )}
          </span>
        )
      })}
      {!isSaved && (
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={13} />} onClick={() => setNaming(true)}>
          Save view
        </Button>
      )}
      {isNaming && (
        <NameDialog
          onClose={() => setNaming(false)}
          onName={(name) => {
            setNaming(false)
            create.mutate(name)
          }}
        />
      )}
    </nav>
  )
}

function NameDialog({ onName, onClose }: { onName: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') onName(name.trim())
  }
  return (
    <Modal opened onClose={onClose} title="Save this view" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label="Name"
          description="Keeps the search, filters, order and columns."
          data-autofocus
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          Save
        </Button>
      </form>
    </Modal>
  )
}
