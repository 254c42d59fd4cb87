// Models, stages and kinds of demand as merchants would say them.

/** Kinds of demand, from the easiest to foresee to the hardest. */
export const DEMAND_CLASSES: Readonly<Record<string, string>> = {
  smooth: 'Steady',
  erratic: 'Erratic',
  intermittent: 'Now and then',
  lumpy: 'Lumpy',
  new: 'New',
}

/** What a kind of demand means, for hovers. */
export const DEMAND_MEANINGS: Readonly<Record<string, string>> = {
  smooth: 'Sells most days, in similar amounts',
  erratic: 'Sells most days, in very different amounts',
  intermittent: 'Sells on some days, in similar amounts',
  lumpy: 'Sells on some days, in very different amounts',
  new: 'Too short a history to tell',
}

const STAGES: Readonly<Record<string, string>> = {
  candidate: 'Waiting',
  shadow: 'Compared beside',
  canary: 'Serves a part',
  production: 'Serves',
  archived: 'Retired',
}

export function stageName(stage: string): string {
  return STAGES[stage] ?? stage
}

const RECIPES: Readonly<Record<string, string>> = {
  ensemble: 'Blend of models',
  ensemble_one_year: 'Blend that looks at one year',
  ensemble_sales_only: 'Blend without price and promotions',
  pooled_response: 'Pooled elasticities',
  own_past: 'Own past',
  seasonal_naive: 'Same day of last week',
}

/** "Blend of models 3": a version by what it is made of and its number. */
export function versionName({ model, number }: { model: string; number: number }): string {
  return `${RECIPES[model] ?? model} ${number}`
}

const FEATURES: Readonly<Record<string, string>> = {
  units: 'Units sold',
  price: 'Prices',
  rival_gap: 'Distance to rivals',
  forecast_error: 'Forecast errors',
  missing_price: 'Days without a price',
  missing_rival: 'Days without a rival’s price',
  days_without_sale: 'Days without a sale',
}

export function featureName(feature: string): string {
  return FEATURES[feature] ?? feature
}

const STATISTICS: Readonly<Record<string, string>> = {
  stability_index: 'Stability index',
  distance: 'Largest distance (KS)',
  page_hinkley: 'Summed errors',
  share_change: 'Change of the share',
}

export function statisticName(statistic: string): string {
  return STATISTICS[statistic] ?? statistic
}

const CONSEQUENCES: Readonly<Record<string, string>> = { retrain: 'Trained early', alert: 'Alert' }

export function consequenceName(consequence: string): string {
  return CONSEQUENCES[consequence] ?? consequence
}
