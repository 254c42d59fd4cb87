//! What is unusual about products, and what members say about it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::anomalies::{
    self as app, AnomalyAnswer, AnomalyKey, AnomalyMeasure, AnomalyView, AnomalyWord, Behaviour, Coincidence,
    Direction, LevelShift, Standing, Threshold,
};
use shelfiq_store::UnknownWord;
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::products::sku_of;
use crate::state::ApiState;

/// Which anomalies.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnomaliesQuery {
    /// Those of the last so many days of data, 1 to 400; 90 if not given
    #[param(minimum = 1, maximum = 400)]
    days: Option<u32>,
}

/// What is unusual about a product.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductAnomaliesBody {
    /// Newest first.
    items: Vec<AnomalyBody>,
    /// Lasting changes of how much it sells, over all its history, oldest first.
    level_shifts: Vec<LevelShiftBody>,
    /// A steady rise or fall since the last of them.
    trend: Option<DemandTrendBody>,
}

/// A lasting change of how much a product sells.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelShiftBody {
    /// First day of the first week at the new level.
    since: NaiveDate,
    /// Units a day before.
    before: f64,
    /// Units a day since.
    after: f64,
}

/// A steady rise or fall of how much a product sells.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandTrendBody {
    since: NaiveDate,
    /// Change of units a day from one week to the next.
    daily_units_per_week: f64,
    p_value: f64,
}

/// Something that happened at the same time as an anomaly of demand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoincidenceBody {
    /// `price`, `rival_price`, `promotion_began`, `promotion_ended`, `stock_out`, `back_in_stock` or `holiday`.
    kind: &'static str,
    /// In words that follow "coincides with": `price cut of 12 % the day before`.
    text: String,
    since: Option<NaiveDate>,
    /// Share of the explanation, from 0 to 1; what the shares leave over is not known.
    share: f64,
}

/// A value outside its band.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnomalyBody {
    sku: String,
    /// `units`, `weekly_units`, `price`, `rival_price`, `reviews`, `complaints`, `missing_stock` or `traffic`.
    measure: String,
    /// The day; the first one of a week.
    day: NaiveDate,
    /// Days that the value covers: 7 for a week.
    days: u32,
    /// `spike`, `drop`, `level_shift`, `drift`, `flatline`, `missing` or `new_extreme`.
    kind: &'static str,
    /// `above` or `below` the expectation; null where it has no side.
    direction: Option<&'static str>,
    actual: f64,
    /// What was expected before the value came.
    expected: Option<ExpectedBody>,
    /// Probability of something at least as strange where nothing happens.
    p_value: f64,
    /// One sentence with the numbers.
    sentence: String,
    /// `told`, `dismissed` (somebody said that it was none) or `quieted` (too many like it were dismissed).
    standing: &'static str,
    answer: Option<AnomalyAnswerBody>,
    /// What happened at the same time, for units; the likeliest cause first.
    coincides_with: Vec<CoincidenceBody>,
}

/// A band in which a value was expected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpectedBody {
    value: f64,
    low: f64,
    high: f64,
}

/// What a member said about an anomaly.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnomalyAnswerBody {
    sku: String,
    measure: String,
    day: NaiveDate,
    /// Kind of anomaly.
    kind: String,
    /// `confirmed` or `dismissed`.
    answer: String,
    note: Option<String>,
    /// Who said it, such as `member:…`.
    author: String,
    at: DateTime<Utc>,
}

/// What to say about an anomaly.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerBody {
    /// `dismissed`: not unusual; `confirmed`: it was.
    answer: String,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What answers changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThresholdsBody {
    /// By measure and kind; empty while nothing was answered.
    items: Vec<ThresholdBody>,
}

/// What answers to one kind of anomaly changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThresholdBody {
    measure: String,
    kind: &'static str,
    confirmed: u32,
    dismissed: u32,
    /// Alarms per value where nothing happens, as promised at first.
    promised_rate: f64,
    /// The same after these answers.
    rate: f64,
}

/// The anomaly that an alert tells of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnomalyKeyBody {
    sku: String,
    measure: String,
    day: NaiveDate,
}

impl From<AnomalyKey> for AnomalyKeyBody {
    fn from(key: AnomalyKey) -> Self {
        Self { sku: key.sku.to_string(), measure: key.measure.to_string(), day: key.day }
    }
}

impl From<AnomalyView> for AnomalyBody {
    fn from(view: AnomalyView) -> Self {
        Self {
            sku: view.key.sku.to_string(),
            measure: view.key.measure.to_string(),
            day: view.key.day,
            days: view.days,
            kind: view.kind.as_str(),
            direction: view.direction.map(|direction| match direction {
                Direction::Above => "above",
                Direction::Below => "below",
            }),
            actual: view.actual,
            expected: view.expected.map(|(value, low, high)| ExpectedBody { value, low, high }),
            p_value: view.p_value,
            sentence: view.sentence,
            standing: match view.standing {
                Standing::Told => "told",
                Standing::Dismissed => "dismissed",
                Standing::Quieted => "quieted",
            },
            answer: view.answer.map(Into::into),
            coincides_with: view.coincidences.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Coincidence> for CoincidenceBody {
    fn from(one: Coincidence) -> Self {
        Self { kind: one.kind, text: one.text, since: one.since, share: one.share }
    }
}

impl From<Behaviour> for ProductAnomaliesBody {
    fn from(behaviour: Behaviour) -> Self {
        let shift = |shift: LevelShift| LevelShiftBody { since: shift.since, before: shift.before, after: shift.after };
        Self {
            items: behaviour.anomalies.into_iter().map(Into::into).collect(),
            level_shifts: behaviour.level_shifts.into_iter().map(shift).collect(),
            trend: behaviour.trend.map(|trend| DemandTrendBody {
                since: trend.since,
                daily_units_per_week: trend.daily_units_per_week,
                p_value: trend.p_value,
            }),
        }
    }
}

impl From<AnomalyAnswer> for AnomalyAnswerBody {
    fn from(answer: AnomalyAnswer) -> Self {
        Self {
            sku: answer.key.sku.to_string(),
            measure: answer.key.measure.to_string(),
            day: answer.key.day,
            kind: answer.kind,
            answer: answer.word.to_string(),
            note: answer.note,
            author: answer.author.to_string(),
            at: answer.at,
        }
    }
}

impl From<Threshold> for ThresholdBody {
    fn from(threshold: Threshold) -> Self {
        Self {
            measure: threshold.measure.to_string(),
            kind: threshold.kind.as_str(),
            confirmed: threshold.confirmed,
            dismissed: threshold.dismissed,
            promised_rate: threshold.promised_rate,
            rate: threshold.rate,
        }
    }
}

/// What is unusual about a product, told or not.
#[utoipa::path(get, path = "/products/{sku}/anomalies", tag = "anomalies", operation_id = "list_product_anomalies", params(("sku" = String, Path), AnomaliesQuery), security(("bearer" = [])),
    responses((status = 200, body = ProductAnomaliesBody), (status = "default", body = Problem)))]
pub(crate) async fn of_product(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
    Params(query): Params<AnomaliesQuery>,
) -> Result<Json<ProductAnomaliesBody>, ApiError> {
    let days = query.days.unwrap_or(app::DAYS_DEFAULT);
    Ok(Json(app::of_product(&state.platform, &actor, &sku_of(&sku)?, days).await?.into()))
}

/// Says that an anomaly was one or was none. It counts from the next judgement on; alerts that tell of a dismissed one close.
#[utoipa::path(put, path = "/products/{sku}/anomalies/{measure}/{day}/answer", tag = "anomalies", operation_id = "answer_anomaly",
    params(("sku" = String, Path), ("measure" = String, Path, description = "`units`, `weekly_units`, `price`, `rival_price`, `reviews`, `complaints`, `missing_stock` or `traffic`"), ("day" = NaiveDate, Path)),
    request_body = AnswerBody, security(("bearer" = [])),
    responses((status = 200, body = AnomalyBody), (status = "default", body = Problem)))]
pub(crate) async fn answer(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place((sku, measure, day)): Place<(String, String, String)>,
    Body(body): Body<AnswerBody>,
) -> Result<Json<AnomalyBody>, ApiError> {
    let key = key_of(&sku, &measure, &day)?;
    let word: AnomalyWord =
        body.answer.parse().map_err(|error: UnknownWord| ApiError::invalid("answer", error.to_string()))?;
    Ok(Json(app::answer(&state.platform, &actor, &key, word, body.note).await?.into()))
}

/// Takes an answer back. Without one nothing happens.
#[utoipa::path(delete, path = "/products/{sku}/anomalies/{measure}/{day}/answer", tag = "anomalies", operation_id = "withdraw_anomaly_answer",
    params(("sku" = String, Path), ("measure" = String, Path, description = "`units`, `weekly_units`, `price`, `rival_price`, `reviews`, `complaints`, `missing_stock` or `traffic`"), ("day" = NaiveDate, Path)),
    security(("bearer" = [])),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn withdraw(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place((sku, measure, day)): Place<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    app::withdraw(&state.platform, &actor, &key_of(&sku, &measure, &day)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what members said about anomalies, newest first.
#[utoipa::path(get, path = "/anomalies/answers", tag = "anomalies", operation_id = "list_anomaly_answers", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<AnomalyAnswerBody>), (status = "default", body = Problem)))]
pub(crate) async fn answers(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<PageQuery>,
) -> Result<Json<PageBody<AnomalyAnswerBody>>, ApiError> {
    let page = app::answers(&state.platform, &actor, query.limit(), query.after).await?;
    Ok(Json(PageBody::of(page, None)))
}

/// What answers changed: how strange an anomaly must be to be told.
#[utoipa::path(get, path = "/anomalies/thresholds", tag = "anomalies", operation_id = "list_anomaly_thresholds", security(("bearer" = [])),
    responses((status = 200, body = ThresholdsBody), (status = "default", body = Problem)))]
pub(crate) async fn thresholds(
    State(state): State<ApiState>,
    Caller(actor): Caller,
) -> Result<Json<ThresholdsBody>, ApiError> {
    let thresholds = app::thresholds(&state.platform, &actor).await?;
    Ok(Json(ThresholdsBody { items: thresholds.into_iter().map(Into::into).collect() }))
}

fn key_of(sku: &str, measure: &str, day: &str) -> Result<AnomalyKey, ApiError> {
    let measure: AnomalyMeasure =
        measure.parse().map_err(|error: UnknownWord| ApiError::invalid("measure", error.to_string()))?;
    Ok(AnomalyKey { sku: sku_of(sku)?, measure, day: app::day_of(day)? })
}
