//! Named business quantities.

pub(crate) mod forecast;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_app::{measures as app, shops};
use shelfiq_core::{DateRange, Sku};
use shelfiq_measures::{Comparison, Dimension, Filter, MeasureId, MeasureRequest, MeasureRow, SliceValue};
use utoipa::ToSchema;

use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::state::ApiState;

/// Slices that one answer may hold.
const SLICES_MAX: usize = 1_000;

/// A measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureBody {
    id: &'static str,
    title: &'static str,
    /// `money`, `count`, `ratio` or `days`.
    unit: String,
    definition: &'static str,
    /// The rows it is computed from.
    grain: &'static str,
}

/// With what to compare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CompareBody {
    /// As many days directly before.
    Previous,
    /// The same days one year before.
    LastYear,
    /// With nothing.
    #[default]
    None,
}

impl CompareBody {
    pub(crate) const fn comparison(self) -> Option<Comparison> {
        match self {
            Self::Previous => Some(Comparison::PreviousPeriod),
            Self::LastYear => Some(Comparison::SamePeriodLastYear),
            Self::None => None,
        }
    }
}

/// A question about measures.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureQueryBody {
    /// Ids of measures; the first orders the slices.
    #[schema(min_items = 1, max_items = 15)]
    measures: Vec<String>,
    from: NaiveDate,
    to: NaiveDate,
    /// `day`, `week`, `month`, `sku`, `category`, `store`, `channel` or `country`.
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    compare: CompareBody,
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    store: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    country: Option<String>,
    /// Slices at most.
    #[serde(default)]
    limit: Option<u32>,
}

/// Values by slice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureAnswerBody {
    /// Ids of the measures.
    columns: Vec<String>,
    rows: Vec<MeasureRowBody>,
    /// Currency of amounts.
    currency: String,
}

/// One slice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureRowBody {
    /// The slice; null for the whole.
    key: Option<String>,
    /// By measure, as numbers.
    values: BTreeMap<String, Option<f64>>,
    /// By measure, as exact decimals.
    exact: BTreeMap<String, Option<String>>,
    /// By measure, in the days compared with.
    previous: BTreeMap<String, Option<f64>>,
    /// The period is not over, or is cut.
    is_partial: bool,
}

/// Every measure with its definition.
#[utoipa::path(get, path = "/measures", tag = "measures", operation_id = "list_measures", security(("bearer" = [])),
    responses((status = 200, body = PageBody<MeasureBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(_caller: Caller) -> Json<PageBody<MeasureBody>> {
    let items: Vec<MeasureBody> = MeasureId::ALL
        .iter()
        .map(|id| {
            let measure = id.measure();
            let unit = format!("{:?}", measure.unit).to_lowercase();
            MeasureBody {
                id: id.as_str(),
                title: measure.title,
                unit,
                definition: measure.definition,
                grain: measure.grain,
            }
        })
        .collect();
    Json(PageBody { total: u64::try_from(items.len()).ok(), items, next: None })
}

/// Values of measures over days, sliced and compared as asked.
#[utoipa::path(post, path = "/measures/query", tag = "measures", operation_id = "query_measures", request_body = MeasureQueryBody, security(("bearer" = [])),
    responses((status = 200, body = MeasureAnswerBody), (status = "default", body = Problem)))]
pub(crate) async fn query(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<MeasureQueryBody>,
) -> Result<Json<MeasureAnswerBody>, ApiError> {
    let shop = shops::get(&state.platform, &actor).await?.merchant;
    let measures: Vec<MeasureId> =
        body.measures.iter().map(|name| measure_named("measures", name)).collect::<Result<_, _>>()?;
    if measures.is_empty() {
        return Err(ApiError::invalid("measures", "name at least one"));
    }
    let days = DateRange::new(body.from, body.to).map_err(|error| ApiError::invalid("to", error.to_string()))?;
    if days.day_count() > 366 * 20 {
        return Err(ApiError::invalid("from", "at most twenty years"));
    }
    let slice = body
        .by
        .as_deref()
        .map(str::parse::<Dimension>)
        .transpose()
        .map_err(|error| ApiError::invalid("by", error.to_string()))?;
    let MeasureQueryBody { sku, category, store, channel, country, .. } = body;
    let part = PartBody { sku, category, store, channel, country };
    let request = MeasureRequest {
        measures: measures.clone(),
        days,
        zone: shop.time_zone,
        slice,
        filter: part.filter()?,
        compare: body.compare.comparison(),
        slices_max: Some(body.limit.map_or(SLICES_MAX, |limit| limit as usize).clamp(1, SLICES_MAX)),
    };
    let answer = app::measure(&state.platform, &actor, &request).await?;
    let mut rows: Vec<(SliceValue, MeasureRowBody)> = Vec::new();
    for row in answer.rows.iter().filter(|row| row.currency.is_none_or(|currency| currency == shop.currency)) {
        if rows.last().is_none_or(|(slice, _)| *slice != row.slice)
            && !rows.iter().any(|(slice, _)| *slice == row.slice)
        {
            rows.push((row.slice.clone(), empty_row(&row.slice)));
        }
        if let Some((_, body)) = rows.iter_mut().rev().find(|(slice, _)| *slice == row.slice) {
            add(body, row);
        }
    }
    Ok(Json(MeasureAnswerBody {
        columns: measures.iter().map(ToString::to_string).collect(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        currency: shop.currency.to_string(),
    }))
}

/// A part of the shop: what satisfies all that is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartBody {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    store: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    country: Option<String>,
}

impl PartBody {
    fn filter(self) -> Result<Filter, ApiError> {
        let list = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
        let sku = self
            .sku
            .as_deref()
            .map(Sku::new)
            .transpose()
            .map_err(|error| ApiError::invalid("sku", error.to_string()))?;
        Ok(Filter {
            skus: sku.into_iter().collect(),
            categories: list(self.category),
            stores: list(self.store),
            channels: list(self.channel),
            countries: list(self.country),
        })
    }
}

/// The measure that `field` of a body names.
fn measure_named(field: &str, name: &str) -> Result<MeasureId, ApiError> {
    name.parse().map_err(|error: shelfiq_measures::MeasureError| ApiError::invalid(field, error.to_string()))
}

fn empty_row(slice: &SliceValue) -> MeasureRowBody {
    let key = match slice {
        SliceValue::All => None,
        SliceValue::Period(days) => Some(days.first.to_string()),
        SliceValue::Sku(sku) => Some(sku.to_string()),
        SliceValue::Category(name) | SliceValue::Country(name) => name.clone(),
        SliceValue::Store(name) | SliceValue::Channel(name) => Some(name.clone()),
    };
    MeasureRowBody {
        key,
        values: BTreeMap::new(),
        exact: BTreeMap::new(),
        previous: BTreeMap::new(),
        is_partial: false,
    }
}

fn add(body: &mut MeasureRowBody, row: &MeasureRow) {
    let (value, previous, _) = shelfiq_app::overview::numbers(row);
    let id = row.measure.to_string();
    body.exact.insert(id.clone(), row.value.map(|value| value.number().normalize().to_string()));
    body.values.insert(id.clone(), value);
    body.previous.insert(id, previous);
    body.is_partial |= row.is_partial;
}
