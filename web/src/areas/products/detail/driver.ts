import type { DemandDriver } from '~/api/types'
import { formatCount, formatRatio } from '~/lib/format'

/** What a promotion or a rival's price does to demand, with its 95% interval. */
export function sentenceOfDriver({ driver, effect, low95, high95 }: DemandDriver): string {
  if (driver === 'promotion') {
    const share = (value: number) => formatRatio(value, { digits: 0, signed: true })
    return `A promotion moves demand by ${share(effect)} beyond its price (${share(low95)} to ${share(high95)}).`
  }
  const percent = (value: number) => formatCount(value, 1)
  const [word, size] = effect < 0 ? ['fewer', -effect] : ['more', effect]
  const [low, high] = effect < 0 ? [-high95, -low95] : [low95, high95]
  return `A rival 1% dearer means ${percent(size)}% ${word} units (${percent(low)} to ${percent(high)}).`
}
