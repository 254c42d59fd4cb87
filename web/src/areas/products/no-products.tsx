import { Button } from '@mantine/core'
import { IconFileImport, IconPackageOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '~/ui/states'

type Props = { isFiltered: boolean; onClear: () => void }

export function NoProducts({ isFiltered, onClear }: Props) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconPackageOff}
        title="No product matches"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Try fewer words, or a Sku.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={IconFileImport}
      title="No products yet"
      action={<Button renderRoot={(props) => <Link to="/imports/new" {...props} />}>Import a file</Button>}
    >
      Products appear here as soon as their first order, price or stock level is imported.
    </EmptyState>
  )
}
