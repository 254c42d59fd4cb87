-- One row per order (and currency, should an order ever hold two), from its days.
WITH sums AS (
    SELECT
        order_id, channel, store, currency,
        min(ordered_at) AS ordered_at,
        max(customer_id) AS customer_id,
        max(country) AS country,
        sum(lines) AS lines,
        sum(sale_lines) AS sale_lines,
        sum(cancellation_lines) AS cancellation_lines,
        sum(return_lines) AS return_lines,
        sum(units) AS units,
        sum(net_units) AS net_units,
        sum(gross_revenue) AS gross_revenue,
        sum(refunds) AS refunds
    FROM order_days
    GROUP BY order_id, channel, store, currency
)
SELECT
    order_id, ordered_at, channel, store, customer_id, country,
    CASE
        WHEN cancellation_lines > 0 AND net_units <= 0 THEN 'cancelled'
        WHEN cancellation_lines + return_lines > 0 THEN 'returned'
        WHEN sale_lines > 0 THEN 'placed'
        ELSE 'other'
    END AS status,
    lines, units, gross_revenue, refunds, gross_revenue - refunds AS net_revenue, currency
FROM sums
ORDER BY ordered_at
