import { Button } from '@mantine/core'
import { IconBulb } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '~/ui/states'

export function NoRecommendations({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconBulb}
        title="None of this kind"
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/recommendations" {...props} />}>
            Show open recommendations
          </Button>
        }
      />
    )
  }
  return (
    <EmptyState icon={IconBulb} title="Nothing waits for a decision">
      Recommendations are computed every night and after each import. You are up to date.
    </EmptyState>
  )
}
