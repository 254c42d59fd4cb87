//! Measures over the lake: requests become SQL, rows become values.

mod assemble;
mod cache;
mod sql;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::try_join;
use shelfiq_core::{DateRange, MerchantId};
use shelfiq_lake::{Snapshot, Table};
use shelfiq_measures::{
    Component, Dimension, MeasureAnswer, MeasureEngine, MeasureError, MeasureRequest, Source, aligned_comparison,
    periods,
};

pub(crate) use self::cache::{MeasureCache, empty as empty_cache};
use crate::derive::{ROLL_UP_SOURCES, is_fresh};
use crate::{QueryEngine, QueryError, View};
use assemble::ComponentTable;

/// Every table that a measure may read.
const TABLES: [Table; 6] =
    [Table::OrderLines, Table::OrderDays, Table::DailySales, Table::Products, Table::Costs, Table::Stock];

#[async_trait]
impl MeasureEngine for QueryEngine {
    async fn measure(
        &self,
        merchant: MerchantId,
        request: &MeasureRequest,
        now: DateTime<Utc>,
    ) -> Result<MeasureAnswer, MeasureError> {
        refuse_unsliceable(request)?;
        self.view_of(merchant, &TABLES).await.map_err(engine_error)?.measure(request, now).await
    }
}

impl View {
    /// Answers one request from the tables of the view. `now` decides which periods are still running.
    ///
    /// # Errors
    /// As for [`MeasureEngine::measure`].
    pub async fn measure(&self, request: &MeasureRequest, now: DateTime<Utc>) -> Result<MeasureAnswer, MeasureError> {
        refuse_unsliceable(request)?;
        let today = request.zone.day_of(now);
        let key = cache::Key::new(self.merchant(), request, today, self.snapshots());
        let cache = self.engine().measure_cache();
        if let Some(answer) = cache.get(&key).await {
            return Ok(answer.as_ref().clone());
        }
        let compared_with =
            request.compare.map(|comparison| aligned_comparison(request.days, comparison)).transpose()?;
        let plan = Plan::new(self, request).await.map_err(engine_error)?;
        let earlier = async {
            match compared_with {
                Some(days) => Ok(Some((days, plan.run(days).await?))),
                None => Ok(None),
            }
        };
        let (present, earlier) = try_join!(plan.run(request.days), earlier).map_err(engine_error)?;
        let answer = assemble::answer(request, today, &present, earlier.as_ref().map(|(days, table)| (*days, table)));
        cache.insert(key, Arc::new(answer.clone())).await;
        Ok(answer)
    }
}

/// What a query groups by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Grouping {
    /// Slices alone: customers and orders are counted over all currencies.
    Slice,
    /// Slices and currencies.
    SliceAndCurrency,
}

/// From which table each component of a request comes.
struct Plan<'a> {
    view: &'a View,
    request: &'a MeasureRequest,
    by_source: BTreeMap<(Source, Grouping), Vec<Component>>,
    /// Whether `daily_sales` may stand in for the order lines.
    daily_sales_fresh: bool,
}

impl<'a> Plan<'a> {
    async fn new(view: &'a View, request: &'a MeasureRequest) -> Result<Self, QueryError> {
        let is_source = |snapshot: &&Snapshot| ROLL_UP_SOURCES.contains(&snapshot.table);
        let sources: Vec<Snapshot> = view.snapshots().iter().filter(is_source).cloned().collect();
        let is_fresh = async |table: Table| match view.snapshots().iter().find(|snapshot| snapshot.table == table) {
            Some(derived) => is_fresh(derived, request.zone, &sources).await,
            None => Ok(false),
        };
        let order_days_fresh = is_fresh(Table::OrderDays).await?;
        let daily_sales_fresh = is_fresh(Table::DailySales).await?;
        let mut by_source: BTreeMap<(Source, Grouping), Vec<Component>> = BTreeMap::new();
        for (component, grouping) in assemble::components(request) {
            let is_usable = |source: &Source| match source {
                Source::OrderDays => order_days_fresh && !is_about_skus(request),
                Source::DailySales => daily_sales_fresh && !is_about_countries(request),
                Source::OrderLines | Source::Stock | Source::Calendar => true,
            };
            let source = [Source::OrderDays, Source::DailySales, Source::Stock, Source::OrderLines]
                .into_iter()
                .filter(|source| component.aggregate(*source).is_some())
                .find(is_usable);
            if let Some(source) = source {
                by_source.entry((source, grouping)).or_default().push(component);
            }
        }
        Ok(Self { view, request, by_source, daily_sales_fresh })
    }

    /// The components of every slice and currency over `days`.
    async fn run(&self, days: DateRange) -> Result<ComponentTable, QueryError> {
        let mut table = ComponentTable::default();
        for ((source, grouping), components) in &self.by_source {
            let query = |request: &'_ MeasureRequest, days| {
                let daily_sales_fresh = self.daily_sales_fresh;
                sql::Query { request, days, source: *source, grouping: *grouping, components, daily_sales_fresh }.text()
            };
            match self.request.slice.and_then(Dimension::calendar_unit) {
                // Stock is known at instants: each period looks at its own end.
                Some(unit) if *source == Source::Stock => {
                    let whole = MeasureRequest { slice: None, ..self.request.clone() };
                    for period in periods(days, unit) {
                        let answer = self.view.sql(&query(&whole, assemble::days_of(&period, days))).await?;
                        table.add_as(Some(assemble::period_key(&period)), components, &answer)?;
                    }
                }
                _ => table.add(components, &self.view.sql(&query(self.request, days)).await?)?,
            }
        }
        Ok(table)
    }
}

fn is_about_skus(request: &MeasureRequest) -> bool {
    request.filter.restricts_skus() || request.slice.is_some_and(Dimension::is_about_skus)
}

fn is_about_countries(request: &MeasureRequest) -> bool {
    !request.filter.countries.is_empty() || request.slice == Some(Dimension::Country)
}

/// Stock lies in a store or warehouse, which need not be where it is sold, and in no customer's country.
fn refuse_unsliceable(request: &MeasureRequest) -> Result<(), MeasureError> {
    let filter = &request.filter;
    let of_filter = [
        (!filter.stores.is_empty(), Dimension::Store),
        (!filter.channels.is_empty(), Dimension::Channel),
        (!filter.countries.is_empty(), Dimension::Country),
    ];
    let of_slice = request.slice.map(|slice| (!slice.is_about_skus() && slice.calendar_unit().is_none(), slice));
    let Some((_, dimension)) = of_slice.into_iter().chain(of_filter).find(|(is_refused, _)| *is_refused) else {
        return Ok(());
    };
    let needs_stock = |component: &Component| component.aggregate(Source::Stock).is_some();
    match request.measures.iter().find(|id| id.measure().formula.components().iter().any(needs_stock)) {
        Some(measure) => Err(MeasureError::NotSliceable { measure: *measure, dimension }),
        None => Ok(()),
    }
}

fn engine_error(error: QueryError) -> MeasureError {
    MeasureError::Engine { kind: error.kind(), source: Box::new(error) }
}
