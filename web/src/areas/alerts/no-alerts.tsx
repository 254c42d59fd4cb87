import { Button } from '@mantine/core'
import { IconBellCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '~/ui/states'

export function NoAlerts({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconBellCheck}
        title="No alert matches"
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/alerts" {...props} />}>
            Show open alerts
          </Button>
        }
      />
    )
  }
  return (
    <EmptyState icon={IconBellCheck} title="All quiet">
      Every measure is inside its expected range. The next check runs with the next import, and every night.
    </EmptyState>
  )
}
