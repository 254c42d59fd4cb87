/** What an alert can be about, most urgent first. */
export const ALERT_KINDS: Record<string, string> = {
  stock_out_risk: 'Stock-out risk',
  margin_loss: 'Sells at a loss',
  price_anomaly: 'Unusual price',
  rival_undercut: 'Rival is cheaper',
  demand_drop: 'Demand drop',
  demand_spike: 'Demand spike',
  rating_drop: 'Rating drop',
  data_freshness: 'Late input',
  forecast_quality: 'Forecasts miss',
  data_quality: 'Missing data',
}

const ABOUT_PRICE = new Set(['margin_loss', 'price_anomaly', 'rival_undercut'])

/** Its proof is the history of prices, not of sales. */
export function isAboutPrice(kind: string): boolean {
  return ABOUT_PRICE.has(kind)
}
