// Shapes of the wire: ids are UUID strings, instants RFC 3339 in UTC, days YYYY-MM-DD in the merchant's zone, ratios plain
// numbers (0.25 = 25 %), money an exact decimal string with its currency.

import type { Day, Instant } from '~/lib/days'
import type { Money } from '~/lib/money'
import type { Compare } from '~/lib/range'

export type { Compare, Day, Instant, Money }

export type Uuid = string
/** level 0.8 = 80 % */
export type Interval = { low: number; high: number; level: number }
export type MoneyInterval = { low: Money; high: Money; level: number }
export type Page<T> = { items: T[]; next: string | null; total: number | null }
export type Problem = {
  type: string
  title: string
  status: number
  code: string
  detail: string
  request_id: string
  errors?: { field: string; message: string }[]
}
export type Role = 'owner' | 'manager' | 'analyst' | 'viewer'

// set-up and identity
/** demo login shown only by `shelfiq demo` */
export type SetupState = { needs_setup: boolean; demo: { email: string; password: string } | null; version: string }
export type SetupRequest = {
  merchant_name: string
  currency: string
  time_zone: string
  owner_name: string
  email: string
  password: string
}
export type Session = { access_token: string; expires_in_seconds: number; me: Me }
export type Me = {
  member: { id: Uuid; name: string; email: string }
  merchant: Merchant
  role: Role
  permissions: string[]
  merchants: { id: Uuid; name: string; role: Role }[]
}
export type Merchant = { id: Uuid; name: string; currency: string; time_zone: string; is_demo: boolean }
export type MerchantSettings = Merchant & {
  default_lead_time_days: number
  service_level: number
  price_guard: { max_change_per_day: number; min_margin: number }
  pricing: PricingPolicy
  anomaly_false_share: number
  version: number
}
/** How prices are found; shares are numbers, 0.1 for 10 %. */
export type PricingPolicy = {
  objective: 'revenue' | 'margin' | 'balanced'
  strategy: 'earn' | 'compete'
  reference: 'cheapest' | 'median'
  distance: number
  sacrifice_max: number
  own_sellers: string[]
  risk: 'neutral' | 'careful' | 'very_careful'
  confidence: number
  reductions: 'any' | 'only_announceable'
  reduction_min: number
  price_endings: string
  rival_band_below: number
  rival_band_above: number
  frozen: FrozenDays[]
}
export type FrozenDays = { from: Day; to: Day; name: string }
export type Member = {
  id: Uuid
  name: string
  email: string
  role: Role
  created_at: Instant
  last_seen_at: Instant | null
}
export type ApiKey = {
  id: Uuid
  name: string
  prefix: string
  scopes: string[]
  created_at: Instant
  last_used_at: Instant | null
  expires_at: Instant | null
}
export type AuditEntry = {
  id: string
  at: Instant
  actor: string
  action: string
  subject: string
  before: unknown
  after: unknown
}

// overview
export type Overview = {
  range: { from: Day; to: Day }
  comparison: { from: Day; to: Day } | null
  freshness: Freshness
  kpis: Kpi[] // net_revenue, orders, units, average_order_value, margin, refund_rate, active_customers …
  revenue: {
    unit: string
    history: DayPoint[]
    comparison: DayPoint[]
    forecast: ForecastPoint[]
    annotations: Annotation[]
  }
  drivers: Driver[] // what moved net revenue vs the comparison, with shares
  opportunities: Recommendation[] // top 3..6
  alerts: Alert[] // most recent open ones, ≤ 5
  headlines: Headline[] // short true sentences about this shop
}
export type Headline = { text: string; severity: Severity; link: string | null }
export type Freshness = {
  data_as_of: Instant | null
  last_import_at: Instant | null
  last_run_at: Instant | null
  state: 'fresh' | 'late' | 'empty'
  sentence: string
}
export type Kpi = {
  measure: string
  title: string
  unit: 'money' | 'count' | 'ratio' | 'days'
  currency: string | null
  value: number | null
  exact: string | null
  previous: number | null
  delta: number | null
  is_partial: boolean
  better: 'up' | 'down' | 'neutral'
  spark: (number | null)[]
  note: string | null
}
export type DayPoint = { day: Day; value: number | null; is_partial?: boolean }
export type ForecastPoint = {
  day: Day
  mean: number
  median: number
  low80: number
  high80: number
  low95: number
  high95: number
}
export type Annotation = {
  day: Day
  kind: 'price_change' | 'promotion' | 'stock_out' | 'holiday' | 'anomaly'
  text: string
}
export type Driver = {
  dimension: 'category' | 'sku' | 'channel' | 'country'
  name: string
  sku: string | null
  change: Money
  share: number
}

// measures
export type MeasureDefinition = { id: string; title: string; unit: string; definition: string; formula: string }
export type MeasureQuery = {
  measures: string[]
  from: Day
  to: Day
  by?: 'day' | 'week' | 'month' | 'sku' | 'category' | 'store' | 'channel' | 'country'
  compare?: Compare
  sku?: string
  category?: string
  store?: string
  channel?: string
  country?: string
  limit?: number
}
export type MeasureAnswer = {
  columns: string[]
  rows: {
    key: string | null
    values: Record<string, number | null>
    exact: Record<string, string | null>
    previous: Record<string, number | null>
    is_partial: boolean
  }[]
  currency: string
}

export type MeasureForecast = {
  measure: string
  currency: string | null
  status: 'ready' | 'short_history' | 'nothing_observed'
  model: string
  members: { model: string; weight: number }[]
  skill: { mase: number; wape: number | null; over_seasonal_naive: number } | null
  past: { from: Day; value: number | null; exact: string | null }[]
  steps: ForecastPoint[]
}

// products
export type ProductRow = {
  sku: string
  title: string
  category: string | null
  brand: string | null
  image: string | null
  price: Money | null
  cost: Money | null
  margin_rate: number | null
  stock: number | null
  stock_cover_days: number | null
  units_30d: number
  revenue_30d: Money
  revenue_delta: number | null
  forecast_units_28d: number | null
  elasticity: number | null
  open_recommendations: number
  open_alerts: number
  rating: number | null
  spark: number[]
}
export type ProductPage = Page<ProductRow> & { categories: string[] }

export type ProductDetail = ProductRow & {
  stores: { store: string; channel: string; price: Money | null; listing: string | null }[]
  price_history: { own: PricePoint[]; rivals: { name: string; points: PricePoint[] }[]; cost: PricePoint[] }
  demand: {
    history: { day: Day; value: number; censored: boolean }[]
    forecast: ForecastPoint[]
    status: 'ready' | 'not_enough_data' | 'pending'
    model: string | null
    demand_class: string | null
    accuracy: { wape: number | null; mase: number | null; note: string } | null
    parts: { cause: string; days: number; units: number }[]
    annotations: Annotation[]
  }
  stock_plan: {
    history: DayPoint[]
    cover_days: number | null
    lead_time_days: number
    stock_out_day: Day | null
  }
  price_model: ElasticityDetail | null
  recommendations: Recommendation[]
  alerts: Alert[]
  reviews: {
    count: number
    average: number | null
    by_rating: number[]
    recent: { rating: number; title: string; text: string; at: Instant }[]
  }
  settings: SkuSettings
}
export type PricePoint = { at: Instant; price: number; in_stock: boolean | null; is_promotion: boolean | null }
/** What something other than the own price does to demand. */
export type DemandDriver = {
  driver: 'promotion' | 'rival_price' | 'substitutes' | 'rival_follows'
  /** Of a promotion: share by which demand rises beyond what its price does. Of prices: percent per percent. Of a rival that follows: share of our change. */
  effect: number
  low95: number
  high95: number
}

export type ElasticityDetail = {
  elasticity: number
  low95: number
  high95: number
  identified: boolean
  reason: string
  observations: number
  prices: number
  support: { low: number; high: number }
  currency: string
  current_price: number
  unit_cost: number | null
  drivers: DemandDriver[]
  curve: CurvePoint[]
  advice: PriceAdvice
}
/** units per 28 days */
export type CurvePoint = {
  price: number
  units: number
  units_low80: number
  units_high80: number
  revenue: number
  margin: number | null
  extrapolated: boolean
}
export type PriceAdvice = {
  kind: 'reprice' | 'keep' | 'test' | 'unknown'
  price: Money | null
  reason: string
  binding_constraint: string | null
}
export type WhatIf = {
  price: Money
  horizon_days: number
  units: number
  units_low80: number
  units_high80: number
  revenue: Money
  revenue_low80: Money
  revenue_high80: Money
  margin: Money | null
  margin_low80: Money | null
  margin_high80: Money | null
  gain: Money | null
  gain_low80: Money | null
  gain_high80: Money | null
  probability_gain: number | null
  violations: { rule: string; message: string }[]
  extrapolated: boolean
}
export type SkuSettings = {
  lead_time_days: number | null
  min_price: Money | null
  max_price: Money | null
  min_margin: number | null
  min_advertised_price: Money | null
  version: number
}
/** All limits at once: a field left out is lifted. Prices are decimals in the shop's currency. */
export type SkuSettingsChange = {
  lead_time_days: number | null
  min_price: string | null
  max_price: string | null
  min_margin: number | null
  min_advertised_price: string | null
}

// recommendations
export type Recommendation = {
  id: Uuid
  kind: 'reprice' | 'restock' | 'slow_mover' | 'price_test'
  sku: string
  title: string
  product_title: string
  state: 'open' | 'accepted' | 'snoozed' | 'dismissed' | 'done' | 'expired'
  sentence: string
  reason: string
  action: Record<string, unknown> & { label: string }
  impact: Money
  impact_low80: Money
  impact_high80: Money
  horizon_days: number
  confidence: number
  urgency: number
  priority: Money
  evidence: Evidence[]
  guard_rails: { name: string; passed: boolean; text: string }[]
  created_at: Instant
  updated_at: Instant
  expires_at: Instant | null
  snoozed_until: Instant | null
  decided_at: Instant | null
  decided_by: string | null
  decision_reason: string | null
  version: number
}
export type Evidence = { label: string; value: string; unit: string | null; link: string | null }

// alerts
export type Severity = 'info' | 'warning' | 'critical'
export type Alert = {
  id: Uuid
  kind: string
  severity: Severity
  state: 'firing' | 'acknowledged' | 'snoozed' | 'resolved'
  sku: string | null
  product_title: string | null
  title: string
  sentence: string
  cause: string | null
  action: { label: string; link: string } | null
  money_at_stake: Money | null
  opened_at: Instant
  since: Instant
  resolved_at: Instant | null
  snoozed_until: Instant | null
  evidence: Evidence[]
  anomaly: { sku: string; measure: string; day: Day } | null
  coincides_with: string | null
  version: number
}

// imports
export type Upload = { upload_id: string; file: string; bytes: number }
export type ImportPreview = {
  upload_id: string
  file: string
  format: string
  encoding: string
  delimiter: string | null
  kind: string | null
  kind_title: string
  confidence: 'recognised' | 'remembered' | 'guessed' | 'unknown'
  columns: { name: string; samples: string[]; guess: string | null }[]
  fields: { name: string; title: string; required: boolean }[]
  /** What else the file could be. */
  kinds: { kind: string; title: string }[]
  mapping: Record<string, string>
  rows: number
  counts: ImportCounts
  totals: ControlTotals
  /** Currency of the totals; null where the file has several, or no amounts. */
  currency: string | null
  /** Rows whose amounts name no currency: they are taken in `assumed_currency`. */
  rows_without_currency: number
  assumed_currency: string | null
  problems: { row: number; column: string; value: string; reason: string }[]
  sample: Record<string, string>[]
  questions: ImportQuestion[]
}
/** Something that the file does not decide; `must_answer` holds the import back. */
export type ImportQuestion = {
  column: string
  text: string
  answer: 'date_order' | 'decimal_mark' | 'day'
  must_answer: boolean
  choices: { value: string; reading: string }[]
}
export type ImportCounts = { rows: number; new: number; changed: number; unchanged: number; rejected: number }
export type ControlTotals = {
  rows: number
  orders: number
  customers: number
  net_amount: string | null
  duplicates: number
  by_kind: { kind: string; rows: number; amount: string }[]
}
export type Import = {
  id: Uuid
  status: 'queued' | 'running' | 'finished' | 'failed' | 'undoing' | 'undone'
  store: string | null
  files: {
    file: string
    kind: string
    rows: number
    new: number
    changed: number
    unchanged: number
    rejected: number
  }[]
  counts: ImportCounts
  totals: ControlTotals | null
  progress: number
  stage: string | null
  error: string | null
  has_rejects: boolean
  started_at: Instant
  finished_at: Instant | null
  started_by: string
}

// jobs
export type Job = {
  id: Uuid
  kind: string
  status: 'queued' | 'running' | 'done' | 'dead'
  progress: number
  stage: string | null
  error: string | null
  created_at: Instant
  finished_at: Instant | null
}

// saved views
export type SavedView = { id: Uuid; area: string; name: string; query: string; created_by: string }
