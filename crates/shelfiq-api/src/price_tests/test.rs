//! A started test on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use shelfiq_app::price_tests::{PriceTestView, Today};
use shelfiq_core::CurrencyCode;
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan::PlanBody;
use super::reading::ReadingBody;
use crate::amount::MoneyBody;
use crate::ledger::effect::word;
use crate::products::price_body;

/// One price test.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceTestBody {
    id: Uuid,
    sku: String,
    product_title: String,
    /// `running`, `finished` or `stopped`.
    state: String,
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    /// What to ask today, while it is running.
    today: Option<TodayBody>,
    plan: PlanBody,
    /// Null before the first daily run.
    reading: Option<ReadingBody>,
    started_at: DateTime<Utc>,
    started_by: String,
    ended_at: Option<DateTime<Utc>>,
    end_reason: Option<String>,
    /// Counts the changes; goes into `If-Match`.
    version: i32,
    updated_at: DateTime<Utc>,
}

/// One price test in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceTestDetailBody {
    #[serde(flatten)]
    test: PriceTestBody,
    /// Which price on which day, without gaps.
    schedule: Vec<ScheduledDayBody>,
}

/// One day of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduledDayBody {
    day: NaiveDate,
    /// From 0.
    round: u32,
    price: MoneyBody,
    /// `counted`, `washout` or `frozen`.
    role: String,
}

/// The price to ask now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TodayBody {
    day: NaiveDate,
    price: MoneyBody,
    /// `counted`, `washout` or `frozen`.
    role: String,
    /// The next day with another price; null if this price is the last.
    next_day: Option<NaiveDate>,
    next_price: Option<MoneyBody>,
}

impl From<PriceTestView> for PriceTestBody {
    fn from(view: PriceTestView) -> Self {
        let currency = view.plan.currency();
        let days = view.plan.days();
        let row = view.row;
        Self {
            id: row.id.as_uuid(),
            sku: row.sku.to_string(),
            product_title: row.title,
            state: row.state.to_string(),
            first_day: days.map(|(first, _)| first),
            last_day: days.map(|(_, last)| last),
            today: view.today.map(|today| TodayBody::of(today, currency)),
            plan: (&view.plan.plan).into(),
            reading: view.reading.map(|reading| ReadingBody::of(reading, currency)),
            started_at: row.started_at,
            started_by: row.started_by.to_string(),
            ended_at: row.ended_at,
            end_reason: row.end_reason,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

impl From<PriceTestView> for PriceTestDetailBody {
    fn from(view: PriceTestView) -> Self {
        let currency = view.plan.currency();
        let schedule = view
            .plan
            .schedule
            .days
            .iter()
            .filter_map(|day| {
                let all_sales = day.groups.first()?;
                Some(ScheduledDayBody {
                    day: day.day,
                    round: day.round,
                    price: price_body(all_sales.price, currency),
                    role: word(&all_sales.role),
                })
            })
            .collect();
        Self { test: view.into(), schedule }
    }
}

impl TodayBody {
    fn of(today: Today, currency: CurrencyCode) -> Self {
        Self {
            day: today.day,
            price: price_body(today.price, currency),
            role: word(&today.role),
            next_day: today.next.map(|(day, _)| day),
            next_price: today.next.map(|(_, price)| price_body(price, currency)),
        }
    }
}
