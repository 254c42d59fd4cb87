import { Button } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { importsQuery } from '~/api/imports'
import { ImportRow } from '~/areas/imports/import-row'
import { may } from '~/lib/access'
import { Page } from '~/ui/page'
import { BoneRows } from '~/ui/skeleton'
import { EmptyState, ErrorState } from '~/ui/states'
import { useMe } from '~/ui/use-me'
import styles from './imports-page.module.css'

/** What was imported, when and by whom; each can be undone exactly. */
export function ImportsPage() {
  const me = useMe()
  const imports = useQuery(importsQuery)
  const start = may(me, 'imports:write') ? (
    <Button leftSection={<IconPlus size={15} />} renderRoot={(props) => <Link to="/imports/new" {...props} />}>
      Import a file
    </Button>
  ) : null
  return (
    <Page title="Imports" lead="The same file twice changes nothing. Every import can be undone." actions={start}>
      <div className={styles.panel}>
        {imports.isPending ? (
          <BoneRows rows={5} height={64} />
        ) : imports.isError ? (
          <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />
        ) : imports.data.items.length === 0 ? (
          <EmptyState icon={IconFileImport} title="Nothing imported yet" action={start}>
            Drop an order export from Etsy, Shopify, Amazon or eBay, or any table with orders, stock, costs or prices.
          </EmptyState>
        ) : (
          <ul aria-label="Imports">
            {imports.data.items.map((each) => (
              <ImportRow key={each.id} imported={each} />
            ))}
          </ul>
        )}
      </div>
    </Page>
  )
}
