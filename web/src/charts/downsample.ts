import type { Values } from '~/charts/spec'

/** Which points to draw when there are more than pixels can show: the lowest and highest of each bucket of `values`,
 *  with both ends, in order. Peaks survive, which averaging would flatten. */
export function keepExtremes(values: Values, atMost: number): number[] {
  const count = values.length
  if (count <= atMost || atMost < 4) return Array.from({ length: count }, (_, index) => index)
  const buckets = Math.floor(atMost / 2)
  const kept = new Set([0, count - 1])
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = Math.floor((bucket * count) / buckets)
    const end = Math.floor(((bucket + 1) * count) / buckets)
    let lowest = start
    let highest = start
    for (let index = start; index < end; index += 1) {
      const value = values[index] ?? 0
      if (value < (values[lowest] ?? 0)) lowest = index
      if (value > (values[highest] ?? 0)) highest = index
    }
    kept.add(lowest).add(highest)
  }
  return [...kept].sort((a, b) => a - b)
}
