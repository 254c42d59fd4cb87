-- What falls on one day of one order.
WITH {cost_spans}sold AS (
    SELECT
        {day} AS day, order_id, channel, store, customer_id, country, lines.currency, kind, ordered_at, quantity,
        quantity * unit_price AS amount,
        quantity * (unit_price - cost_spans.unit_cost) AS margin,
        kind IN ('sale', 'cancellation', 'return') AS is_product
    FROM order_lines AS lines{cost_join}
    WHERE NOT is_duplicate
)
SELECT
    day, order_id, channel, store, customer_id, country,
    min(ordered_at) AS ordered_at,
    count(*) AS lines,
    count(*) FILTER (WHERE kind = 'sale') AS sale_lines,
    count(*) FILTER (WHERE kind = 'cancellation') AS cancellation_lines,
    count(*) FILTER (WHERE kind = 'return') AS return_lines,
    coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0) AS units,
    coalesce(sum(quantity) FILTER (WHERE is_product), 0) AS net_units,
    coalesce(sum(amount) FILTER (WHERE kind = 'sale'), 0) AS gross_revenue,
    coalesce(-sum(amount) FILTER (WHERE kind IN ('cancellation', 'return')), 0) AS refunds,
    sum(margin) FILTER (WHERE is_product) AS margin,
    sum(amount) FILTER (WHERE is_product AND margin IS NOT NULL) AS costed_revenue,
    currency
FROM sold
GROUP BY day, order_id, channel, store, customer_id, country, currency
ORDER BY day
