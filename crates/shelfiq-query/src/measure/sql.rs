//! From a request to SQL: one query per source and grouping.

use chrono::{DateTime, NaiveDate, Utc};
use shelfiq_core::{CalendarUnit, DateRange};
use shelfiq_measures::{Component, Dimension, MeasureRequest, Source};

use super::Grouping;
use crate::costs;
use crate::derive::day_in;

/// One query: rows `slice` (text, null without), `currency` (null where it does not group), and a column `c0`, `c1`, … per component.
pub(super) struct Query<'a> {
    pub(super) request: &'a MeasureRequest,
    pub(super) days: DateRange,
    pub(super) source: Source,
    pub(super) grouping: Grouping,
    pub(super) components: &'a [Component],
    pub(super) daily_sales_fresh: bool,
}

impl Query<'_> {
    pub(super) fn text(&self) -> String {
        let facts = match self.source {
            Source::OrderLines => self.order_lines(),
            Source::OrderDays => self.roll_up("order_days", ", customer_id, order_key"),
            Source::DailySales => self.roll_up("daily_sales", ""),
            Source::Stock | Source::Calendar => self.stock(),
        };
        let aggregates: String = self
            .components
            .iter()
            .enumerate()
            .filter_map(|(index, component)| Some(format!(", {} AS c{index}", component.aggregate(self.source)?)))
            .collect();
        let slice = self.slice_column();
        let (currency, groups) = match self.grouping {
            Grouping::Slice => ("CAST(NULL AS VARCHAR)", slice.to_owned()),
            Grouping::SliceAndCurrency => ("currency", format!("{slice}, currency")),
        };
        format!(
            "WITH {facts} SELECT CAST({slice} AS VARCHAR) AS slice, {currency} AS currency{aggregates} FROM facts GROUP BY {groups}"
        )
    }

    /// The column of the facts that tells slices apart. A constant stands for "no slice", so that a shop without rows
    /// and one with rows give answers of one shape.
    const fn slice_column(&self) -> &'static str {
        match self.request.slice {
            None => "whole",
            Some(Dimension::Day | Dimension::Week | Dimension::Month) => "period_start",
            Some(Dimension::Sku) => "sku",
            Some(Dimension::Category) => "category",
            Some(Dimension::Store) => "store",
            Some(Dimension::Channel) => "channel",
            Some(Dimension::Country) => "country",
        }
    }

    /// The definition: order lines of goods without duplicates, with what the components need beside them. Fees and
    /// corrections count in no measure, so a Sku or country that has nothing else is no slice.
    fn order_lines(&self) -> String {
        let instants = self.days.in_zone(self.request.zone);
        let day = day_in(self.request.zone);
        let costs = if self.needs_costs() { costs::SPANS } else { "" };
        let (cost_column, cost_join) =
            if self.needs_costs() { (", cost_spans.unit_cost", costs::JOIN) } else { ("", "") };
        let first_days = self.first_days(&format!(
            "SELECT customer_id, min({day}) AS first_day FROM order_lines WHERE NOT is_duplicate AND kind = 'sale' GROUP BY customer_id"
        ));
        format!(
            "{costs}{first_days}lines AS (\
               SELECT *, {day} AS day, {ORDER_KEY} AS order_key FROM order_lines \
               WHERE NOT is_duplicate AND kind IN ('sale', 'cancellation', 'return') AND ordered_at >= {} AND ordered_at < {}\
             ), facts AS (\
               SELECT lines.sku, quantity, unit_price, kind, lines.currency, lines.customer_id, country, channel, store, order_key{cost_column}{} \
               FROM lines{cost_join}{} WHERE {})",
            instant(instants.start()),
            instant(instants.end()),
            self.added_columns("lines"),
            self.added_joins("lines"),
            self.conditions("lines"),
        )
    }

    /// A roll-up in place of the order lines.
    fn roll_up(&self, table: &str, further_columns: &str) -> String {
        let first_days = self.first_days(
            "SELECT customer_id, min(day) AS first_day FROM order_days WHERE sale_lines > 0 GROUP BY customer_id",
        );
        let has_orders = table == "order_days";
        let order_key = if has_orders { format!(", {ORDER_KEY} AS order_key") } else { String::new() };
        let own_columns = if has_orders { "country, sale_lines, cancellation_lines" } else { "rolled.sku" };
        // An order keeps its row when it has nothing but fees; measures are about goods.
        let goods = if has_orders { " AND sale_lines + cancellation_lines + return_lines > 0" } else { "" };
        let further_columns = further_columns.replace("customer_id", "rolled.customer_id");
        format!(
            "{first_days}rolled AS (SELECT *{order_key} FROM {table} WHERE day >= {} AND day <= {}{goods}), facts AS (\
               SELECT channel, store, rolled.currency, units, gross_revenue, refunds, margin, costed_revenue, {own_columns}{further_columns}{} \
               FROM rolled{} WHERE {})",
            date(self.days.first()),
            date(self.days.last()),
            self.added_columns("rolled"),
            self.added_joins("rolled"),
            self.conditions("rolled"),
        )
    }

    /// Stock as last observed in each place up to the end of the days, beside the sales of the days.
    fn stock(&self) -> String {
        let instants = self.days.in_zone(self.request.zone);
        let sold = if self.daily_sales_fresh {
            format!(
                "SELECT sku, sum(net_units) AS net_units FROM daily_sales WHERE day >= {} AND day <= {} GROUP BY sku",
                date(self.days.first()),
                date(self.days.last())
            )
        } else {
            format!(
                "SELECT sku, sum(quantity) AS net_units FROM order_lines \
                 WHERE NOT is_duplicate AND kind IN ('sale', 'cancellation', 'return') AND ordered_at >= {} AND ordered_at < {} GROUP BY sku",
                instant(instants.start()),
                instant(instants.end())
            )
        };
        format!(
            "observed AS (\
               SELECT sku, on_hand, row_number() OVER (PARTITION BY sku, store ORDER BY observed_at DESC) AS place \
               FROM stock WHERE observed_at < {}\
             ), stocked AS (SELECT sku, sum(on_hand) AS on_hand FROM observed WHERE place = 1 GROUP BY sku), \
             sold AS ({sold}), facts AS (\
               SELECT stocked.sku, on_hand, coalesce(net_units, 0) AS net_units{} \
               FROM stocked LEFT JOIN sold ON sold.sku = stocked.sku{} WHERE {})",
            instant(instants.end()),
            self.added_columns("stocked"),
            self.added_joins("stocked"),
            self.conditions("stocked"),
        )
    }

    fn added_columns(&self, relation: &str) -> String {
        let mut columns = String::new();
        if self.request.slice.is_none() {
            columns.push_str(", true AS whole");
        }
        if self.needs_categories() {
            columns.push_str(", products.category AS category");
        }
        if let Some(unit) = self.request.slice.and_then(Dimension::calendar_unit) {
            let start = match unit {
                CalendarUnit::Day => format!("{relation}.day"),
                CalendarUnit::Week => format!("CAST(date_trunc('week', {relation}.day) AS DATE)"),
                CalendarUnit::Month => format!("CAST(date_trunc('month', {relation}.day) AS DATE)"),
            };
            // A period that the request cuts begins where the request begins.
            columns.push_str(&format!(", greatest({start}, {}) AS period_start", date(self.days.first())));
        } else if self.needs_first_days() {
            columns.push_str(&format!(", {} AS period_start", date(self.days.first())));
        }
        if self.needs_first_days() {
            columns.push_str(", first_days.first_day");
        }
        columns
    }

    fn added_joins(&self, relation: &str) -> String {
        let mut joins = String::new();
        if self.needs_categories() {
            joins.push_str(&format!(" LEFT JOIN products ON products.sku = {relation}.sku"));
        }
        if self.needs_first_days() {
            joins.push_str(&format!(" LEFT JOIN first_days ON first_days.customer_id = {relation}.customer_id"));
        }
        joins
    }

    fn conditions(&self, relation: &str) -> String {
        let filter = &self.request.filter;
        let skus: Vec<&str> = filter.skus.iter().map(|sku| sku.as_str()).collect();
        let lists = [
            (format!("{relation}.sku"), skus),
            ("products.category".to_owned(), texts(&filter.categories)),
            ("store".to_owned(), texts(&filter.stores)),
            ("channel".to_owned(), texts(&filter.channels)),
            ("country".to_owned(), texts(&filter.countries)),
        ];
        let conditions: Vec<String> = lists
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(column, values)| is_one_of(&column, &values))
            .collect();
        if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") }
    }

    fn first_days(&self, query: &str) -> String {
        if self.needs_first_days() { format!("first_days AS ({query}), ") } else { String::new() }
    }

    fn needs_first_days(&self) -> bool {
        self.components.contains(&Component::NewCustomers)
    }

    fn needs_costs(&self) -> bool {
        self.components.iter().any(|component| matches!(component, Component::Margin | Component::CostedRevenue))
    }

    fn needs_categories(&self) -> bool {
        self.request.slice == Some(Dimension::Category) || !self.request.filter.categories.is_empty()
    }
}

/// Names an order among all channels and stores; the separator occurs in no name.
const ORDER_KEY: &str = "channel || chr(31) || store || chr(31) || order_id";

fn texts(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

fn is_one_of(column: &str, values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    format!("{column} IN ({})", quoted.join(", "))
}

fn instant(instant: DateTime<Utc>) -> String {
    format!(r#"arrow_cast('{}', 'Timestamp(Microsecond, Some("UTC"))')"#, instant.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
}

fn date(day: NaiveDate) -> String {
    format!("DATE '{day}'")
}
