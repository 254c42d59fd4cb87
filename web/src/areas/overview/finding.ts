import type { Compare, Kpi } from '~/api/types'
import { formatRatio } from '~/lib/format'
import { COMPARISONS } from '~/lib/range'

/** "Orders are 11% above the previous period": what a chart shows, in the words of its comparison. */
export function changeOf({ title, delta }: Pick<Kpi, 'title' | 'delta'>, compare: Compare): string {
  if (delta === null || compare === 'none') return `${title} by day`
  const than = `the ${COMPARISONS[compare].toLowerCase()}`
  if (Math.abs(delta) < 0.005) return `${title}: level with ${than}`
  const change = formatRatio(Math.abs(delta), { digits: Math.abs(delta) < 0.1 ? 1 : 0 })
  return `${title}: ${change} ${delta > 0 ? 'above' : 'below'} ${than}`
}
