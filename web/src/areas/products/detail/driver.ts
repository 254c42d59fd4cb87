import type { DemandDriver } from '~/api/types'
import { formatCount, formatRatio } from '~/lib/format'

/** A rival that follows by less leaves the answer of buyers as it is. */
const FOLLOWS_MIN = 0.1

/** Whether a driver is worth telling: most products say nothing of similar ones, and an interval around nothing is no news. */
export function isTold({ driver, effect, low95 }: DemandDriver): boolean {
  if (driver === 'rival_follows') return effect >= FOLLOWS_MIN
  return driver !== 'substitutes' || low95 > 0
}

/** What a promotion or another price does to demand, with its 95% interval. */
export function sentenceOfDriver({ driver, effect, low95, high95 }: DemandDriver): string {
  if (driver === 'promotion') {
    const share = (value: number) => formatRatio(value, { digits: 0, signed: true })
    return `A promotion moves demand by ${share(effect)} beyond its price (${share(low95)} to ${share(high95)}).`
  }
  if (driver === 'rival_follows') {
    const share = (value: number) => formatRatio(value, { digits: 0 })
    return `The cheapest rival follows your price changes by about ${share(effect)} (${share(low95)} to ${share(high95)}).`
  }
  const percent = (value: number) => formatCount(value, 1)
  const [word, size] = effect < 0 ? ['fewer', -effect] : ['more', effect]
  const [low, high] = effect < 0 ? [-high95, -low95] : [low95, high95]
  const who = driver === 'rival_price' ? 'A rival 1% dearer means' : 'Similar products of yours 1% dearer mean'
  return `${who} ${percent(size)}% ${word} units (${percent(low)} to ${percent(high)}).`
}
