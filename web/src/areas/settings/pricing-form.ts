// What the form of the pricing policy says, as a change of the shop.

import type { FrozenDays, MerchantSettings, PricingPolicy } from '~/api/types'

/** A field that is not on the screen keeps its value. */
export function pricingOf(
  form: FormData,
  known: PricingPolicy,
  frozen: FrozenDays[],
): Pick<MerchantSettings, 'price_guard' | 'pricing'> {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : null
  }
  const percent = (name: string, before: number) => {
    const typed = text(name)
    return typed === null ? before : Number(typed.replace(',', '.').replace('−', '-')) / 100
  }
  const choice = <Choice extends string>(name: string, choices: readonly Choice[], before: Choice): Choice =>
    choices.find((each) => each === text(name)) ?? before
  const endings = text('endings')
  const own = text('own_sellers')
  return {
    price_guard: { max_change_per_day: percent('max_change', 0), min_margin: percent('min_margin', 0) },
    pricing: {
      objective: choice('objective', ['revenue', 'margin', 'balanced'], known.objective),
      strategy: choice('strategy', ['earn', 'compete'], known.strategy),
      reference: choice('reference', ['cheapest', 'median'], known.reference),
      distance: percent('distance', known.distance),
      sacrifice_max: percent('sacrifice_max', known.sacrifice_max),
      own_sellers:
        own === null
          ? known.own_sellers
          : own
              .split(',')
              .map((name) => name.trim())
              .filter((name) => name !== ''),
      risk: choice('risk', ['neutral', 'careful', 'very_careful'], known.risk),
      confidence: percent('confidence', known.confidence),
      reductions: choice('reductions', ['any', 'only_announceable'], known.reductions),
      reduction_min: percent('reduction_min', known.reduction_min),
      price_endings: endings === 'tails' ? (text('price_endings') ?? '').replaceAll(' ', '') : (endings ?? 'charm'),
      rival_band_below: percent('rival_band_below', known.rival_band_below),
      rival_band_above: percent('rival_band_above', known.rival_band_above),
      frozen,
    },
  }
}
