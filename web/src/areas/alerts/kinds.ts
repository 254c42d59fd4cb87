/** What an alert can be about, most urgent first. */
export const ALERT_KINDS: Record<string, string> = {
  stock_out_risk: 'Stock-out risk',
  margin_loss: 'Sells at a loss',
  price_anomaly: 'Unusual price',
  rival_undercut: 'Rival is cheaper',
  rival_move: 'Unusual rival price',
  stock_loss: 'Stock missing',
  demand_drop: 'Demand drop',
  demand_spike: 'Demand spike',
  traffic_change: 'Unusual traffic',
  rating_drop: 'Rating drop',
  review_surge: 'Review surge',
  data_freshness: 'Late input',
  forecast_quality: 'Forecasts miss',
  data_quality: 'Missing data',
}

const ABOUT_PRICE = new Set(['margin_loss', 'price_anomaly', 'rival_undercut', 'rival_move'])

/** Its proof is the history of prices, not of sales. */
export function isAboutPrice(kind: string): boolean {
  return ABOUT_PRICE.has(kind)
}
