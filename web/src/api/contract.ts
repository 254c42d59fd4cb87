// Holds the client against the API document: `npm run generate` writes schema.ts from openapi/openapi.json, and the
// compiler then refuses a path the server does not have and a shape it does not speak.

import type { Anomaly, AnomalyAnswer, AnomalyKey, ProductAnomalies } from '~/api/anomalies'
import type { DemandPlan } from '~/api/demand'
import type { LedgerEntry, LedgerSummary } from '~/api/ledger'
import type * as Models from '~/api/models'
import type { PlanTaken, PriceFront, PricePlan } from '~/api/price-plan'
import type { PriceTest, PriceTestDetail, PriceTestProposal } from '~/api/price-tests'
import type { components, paths } from '~/api/schema'
import type { Season } from '~/api/season'
import type { Simulation } from '~/api/simulation'
import type * as Ours from '~/api/types'

type Schemas = components['schemas']

/** `/products/{sku}` as the paths that code writes: `/products/${string}`. */
type Concrete<Path extends string> = Path extends `${infer Head}{${string}}${infer Tail}`
  ? `${Head}${string}${Concrete<Tail>}`
  : Path

type Under<Path> = Path extends `/api/v1${infer Rest}` ? Concrete<Rest> : never

type With<Method extends string> = {
  [Path in keyof paths]: paths[Path] extends Record<Method, object> ? Path : never
}[keyof paths]

/** The addresses that answer a method, below /api/v1. */
export type ApiPath<Method extends 'get' | 'post' | 'put' | 'patch' | 'delete'> = Under<With<Method>>

/** A JSON object of any shape is written as `Record<string, never>`; here it is what it means. */
type Open<T> = T extends readonly (infer Entry)[]
  ? Open<Entry>[]
  : T extends Record<string, never>
    ? unknown
    : T extends object
      ? { [Key in keyof T]: Open<T[Key]> }
      : T

/** Every field we read is sent, with a value we expect; a new required field of the server is noticed too. */
type Fits<Mine, Schema, Theirs = Open<Schema>> = Mine extends Theirs
  ? Exclude<keyof Mine, keyof Theirs> extends never
    ? true
    : { 'not sent by the server': Exclude<keyof Mine, keyof Theirs> }
  : {
      'differs from the server': {
        [Key in keyof Theirs & keyof Mine]: Mine[Key] extends Theirs[Key] ? never : Key
      }[keyof Theirs & keyof Mine]
    }

type Check<Verdict extends true> = Verdict

/** One line for each shape; an error here names the fields that went apart. */
export type Contract = [
  Check<Fits<Ours.Session, Schemas['SessionBody']>>,
  Check<Fits<Ours.Me, Schemas['MeBody']>>,
  Check<Fits<Ours.Merchant, Schemas['MerchantBody']>>,
  Check<Fits<Ours.MerchantSettings, Schemas['ShopBody']>>,
  Check<Fits<PriceFront, Schemas['PriceFrontBody']>>,
  Check<Fits<PricePlan, Schemas['PricePlanBody']>>,
  Check<Fits<PlanTaken, Schemas['PlanTakenBody']>>,
  Check<Fits<Season, Schemas['SeasonBody']>>,
  Check<Fits<Ours.Member, Schemas['MemberBody']>>,
  Check<Fits<Ours.ApiKey, Schemas['ApiKeyBody']>>,
  Check<Fits<Ours.Overview, Schemas['OverviewBody']>>,
  Check<Fits<Ours.Kpi, Schemas['KpiBody']>>,
  Check<Fits<Ours.Driver, Schemas['DriverBody']>>,
  Check<Fits<Ours.MeasureAnswer, Schemas['MeasureAnswerBody']>>,
  Check<Fits<Ours.MeasureForecast, Schemas['MeasureForecastBody']>>,
  Check<Fits<Ours.Freshness, Schemas['FreshnessBody']>>,
  Check<Fits<Ours.ForecastPoint, Schemas['ForecastPointBody']>>,
  Check<Fits<Ours.Annotation, Schemas['AnnotationBody']>>,
  Check<Fits<Ours.ProductRow, Schemas['ProductBody']>>,
  Check<Fits<Ours.ProductPage, Schemas['ProductPageBody']>>,
  Check<Fits<Ours.ProductDetail, Schemas['ProductDetailBody']>>,
  Check<Fits<Ours.DemandDriver, Schemas['DemandDriverBody']>>,
  Check<Fits<Ours.ElasticityDetail, Schemas['ElasticityBody']>>,
  Check<Fits<Ours.CurvePoint, Schemas['CurvePointBody']>>,
  Check<Fits<Ours.WhatIf, Schemas['WhatIfBody']>>,
  Check<Fits<Ours.SkuSettings, Schemas['SkuSettingsBody']>>,
  Check<Fits<Ours.Recommendation, Schemas['RecommendationBody']>>,
  Check<Fits<Ours.Alert, Schemas['AlertBody']>>,
  Check<Fits<Anomaly, Schemas['AnomalyBody']>>,
  Check<Fits<ProductAnomalies, Schemas['ProductAnomaliesBody']>>,
  Check<Fits<AnomalyAnswer, Schemas['AnomalyAnswerBody']>>,
  Check<Fits<AnomalyKey, Schemas['AnomalyKeyBody']>>,
  Check<Fits<Ours.Upload, Schemas['UploadBody']>>,
  Check<Fits<Ours.ImportPreview, Schemas['ImportPreviewBody']>>,
  Check<Fits<Ours.Import, Schemas['ImportBody']>>,
  Check<Fits<Ours.SavedView, Schemas['ViewBody']>>,
  Check<Fits<DemandPlan, Schemas['DemandPlanBody']>>,
  Check<Fits<Models.Leaderboard, Schemas['LeaderboardBody']>>,
  Check<Fits<Models.ModelAccuracy, Schemas['ModelAccuracyBody']>>,
  Check<Fits<Models.Drift, Schemas['DriftBody']>>,
  Check<Fits<Models.ModelVersion, Schemas['ModelVersionBody']>>,
  Check<Fits<LedgerEntry, Schemas['LedgerEntryBody']>>,
  Check<Fits<LedgerSummary, Schemas['LedgerSummaryBody']>>,
  Check<Fits<Simulation, Schemas['SimulationBody']>>,
  Check<Fits<PriceTestProposal, Schemas['ProposalBody']>>,
  Check<Fits<PriceTest, Schemas['PriceTestBody']>>,
  Check<Fits<PriceTestDetail, Schemas['PriceTestDetailBody']>>,
]
