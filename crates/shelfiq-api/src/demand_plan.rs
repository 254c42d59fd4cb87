//! What will sell, from the whole shop down to its categories and stores.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::demand_plan::{self as app, CategoryDemand, DemandLine, DemandPlan, StoreDemand};
use utoipa::{IntoParams, ToSchema};

use crate::amount::MoneyBody;
use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::overview::DaysBody;
use crate::state::ApiState;

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DemandPlanQuery {
    /// Days ahead, 1 to 56; 28 if absent
    #[param(minimum = 1, maximum = 56)]
    days: Option<usize>,
}

/// What will sell in the days ahead, beside what sold in as many days before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandPlanBody {
    /// The days ahead.
    days: DaysBody,
    /// As many days before them, up to the last day of data.
    before: DaysBody,
    /// When the forecasts were made.
    made_at: DateTime<Utc>,
    /// Everything together. Where every category is listed, it is their sum.
    whole: DemandLineBody,
    /// Most units first. Of more than 200 categories, those that sold most; empty if no product has a category.
    categories: Vec<CategoryDemandBody>,
    /// Most units first; empty where there is one store alone. Their units add up to those of the whole.
    stores: Vec<StoreDemandBody>,
}

/// What will sell of a category.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryDemandBody {
    /// Its name; null for products without a category.
    category: Option<String>,
    line: DemandLineBody,
}

/// What will sell in a store.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoreDemandBody {
    store: String,
    line: DemandLineBody,
}

/// Units and revenue of several products together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandLineBody {
    /// Products that are summed.
    products: i64,
    /// Units expected: the mean, in whole units.
    units: i64,
    /// Lower and upper end of the 80 % interval of the units.
    units_low80: f64,
    units_high80: f64,
    /// Units sold in as many days before.
    units_before: i64,
    /// The units expected of each product at its present price; null for a store: which of its products will sell there is
    /// not known.
    revenue: Option<MoneyBody>,
    /// `ready`, or `not_enough_data` where the history is too short to try models on it.
    status: &'static str,
}

/// What will sell, from the whole shop down to its categories and stores; null before the first forecasts. Forecasts of products add
/// up to those of their category, and these to the whole.
#[utoipa::path(get, path = "/demand-plan", tag = "measures", operation_id = "get_demand_plan", params(DemandPlanQuery), security(("bearer" = [])),
    responses((status = 200, body = Option<DemandPlanBody>), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<DemandPlanQuery>,
) -> Result<Json<Option<DemandPlanBody>>, ApiError> {
    let plan = app::plan(&state.platform, &actor, query.days.unwrap_or(app::DAYS_USUAL)).await?;
    Ok(Json(plan.map(Into::into)))
}

impl From<DemandPlan> for DemandPlanBody {
    fn from(plan: DemandPlan) -> Self {
        Self {
            days: plan.days.into(),
            before: plan.before.into(),
            made_at: plan.made_at,
            whole: (&plan.whole).into(),
            categories: plan.categories.iter().map(Into::into).collect(),
            stores: plan.stores.iter().map(Into::into).collect(),
        }
    }
}

impl From<&CategoryDemand> for CategoryDemandBody {
    fn from(demand: &CategoryDemand) -> Self {
        Self { category: demand.category.clone(), line: (&demand.line).into() }
    }
}

impl From<&StoreDemand> for StoreDemandBody {
    fn from(demand: &StoreDemand) -> Self {
        Self { store: demand.store.clone(), line: (&demand.line).into() }
    }
}

impl From<&DemandLine> for DemandLineBody {
    fn from(line: &DemandLine) -> Self {
        Self {
            products: line.skus,
            units: line.units,
            units_low80: line.units_80.0,
            units_high80: line.units_80.1,
            units_before: line.units_before,
            revenue: line.revenue.map(Into::into),
            status: if line.is_ready { "ready" } else { "not_enough_data" },
        }
    }
}
