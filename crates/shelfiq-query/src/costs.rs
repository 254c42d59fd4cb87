//! What a unit cost when it was sold: SQL that roll-ups and measures share.

/// The relation `cost_spans`: from when until when each unit cost held. Ends with a comma, to stand first after `WITH`.
pub(crate) const SPANS: &str = "cost_spans AS (\
    SELECT sku, currency, unit_cost, valid_from, lead(valid_from) OVER costs_of_sku AS valid_to, \
           row_number() OVER costs_of_sku AS place \
    FROM costs WINDOW costs_of_sku AS (PARTITION BY sku, currency ORDER BY valid_from)), ";

/// Joins `lines` with the cost of its time. Before the first known cost, that first one holds.
pub(crate) const JOIN: &str = " LEFT JOIN cost_spans ON cost_spans.sku = lines.sku AND cost_spans.currency = lines.currency \
    AND (place = 1 OR lines.ordered_at >= valid_from) AND (valid_to IS NULL OR lines.ordered_at < valid_to)";
