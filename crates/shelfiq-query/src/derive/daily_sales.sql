-- Sales per Sku, day, store and currency.
WITH {cost_spans}sold AS (
    SELECT
        {day} AS day, lines.sku, channel, store, lines.currency, kind, quantity,
        quantity * unit_price AS amount,
        quantity * (unit_price - cost_spans.unit_cost) AS margin
    FROM order_lines AS lines{cost_join}
    WHERE NOT is_duplicate AND kind IN ('sale', 'cancellation', 'return')
)
SELECT
    day, sku, channel, store,
    coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0) AS units,
    sum(quantity) AS net_units,
    coalesce(sum(amount) FILTER (WHERE kind = 'sale'), 0) AS gross_revenue,
    coalesce(-sum(amount) FILTER (WHERE kind <> 'sale'), 0) AS refunds,
    sum(amount) AS net_revenue,
    sum(margin) AS margin,
    sum(amount) FILTER (WHERE margin IS NOT NULL) AS costed_revenue,
    count(*) FILTER (WHERE kind = 'sale') AS sale_lines,
    currency
FROM sold
GROUP BY day, sku, channel, store, currency
ORDER BY day, sku
