import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { EmptyState, ErrorState } from '~/ui/states'

export function MissingPage() {
  return (
    <main>
      <EmptyState
        icon={IconMapOff}
        heading="h1"
        title="There is no page at this address"
        action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the overview</Button>}
      />
    </main>
  )
}

export function FailedPage({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <main>
      <ErrorState error={error} onRetry={() => void router.invalidate()} />
    </main>
  )
}
