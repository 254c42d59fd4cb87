-- One row per known customer, from the days of the orders; amounts are those in the currency of the latest one.
WITH latest AS (
    SELECT customer_id, country, currency
    FROM (
        SELECT
            customer_id, country, currency,
            row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC, order_id DESC) AS place
        FROM order_days
        WHERE customer_id IS NOT NULL
    )
    WHERE place = 1
)
SELECT
    latest.customer_id,
    latest.country,
    min(ordered_at) FILTER (WHERE sale_lines > 0) AS first_order_at,
    max(ordered_at) FILTER (WHERE sale_lines > 0) AS last_order_at,
    count(DISTINCT days.channel || chr(31) || days.store || chr(31) || days.order_id) FILTER (WHERE sale_lines > 0) AS orders,
    sum(units) AS units,
    coalesce(sum(gross_revenue - refunds) FILTER (WHERE days.currency = latest.currency), 0) AS net_revenue,
    latest.currency
FROM latest
JOIN order_days AS days ON days.customer_id = latest.customer_id
GROUP BY latest.customer_id, latest.country, latest.currency
ORDER BY latest.customer_id
