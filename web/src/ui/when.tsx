import { formatInstant, formatRelative, type Instant } from '~/lib/days'
import { useMe } from '~/ui/use-me'
import { useNow } from '~/ui/use-now'

/** "3 hours ago"; the exact time in the shop's zone on hover. */
export function When({ at }: { at: Instant }) {
  const now = useNow()
  const zone = useMe().merchant.time_zone
  return (
    <time dateTime={at} title={formatInstant(at, zone)}>
      {formatRelative(at, now)}
    </time>
  )
}
