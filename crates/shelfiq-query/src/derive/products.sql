-- One row per Sku that was sold, listed, priced, costed or counted. What a Sku is called and what it costs is what was
-- seen last.
WITH sold AS (
    SELECT
        sku,
        min(ordered_at) FILTER (WHERE kind = 'sale') AS first_sold_at,
        max(ordered_at) FILTER (WHERE kind = 'sale') AS last_sold_at,
        max(ordered_at) FILTER (WHERE kind = 'sale' AND title IS NOT NULL) AS last_titled_at,
        max(ordered_at) FILTER (WHERE kind = 'sale' AND unit_price > 0) AS last_priced_at
    FROM order_lines
    WHERE kind IN ('sale', 'cancellation', 'return')
    GROUP BY sku
),
titled AS (
    SELECT sold.sku, max(lines.title) AS title
    FROM sold
    JOIN order_lines AS lines ON lines.sku = sold.sku AND lines.ordered_at = sold.last_titled_at
    WHERE lines.kind = 'sale'
    GROUP BY sold.sku
),
sale_price AS (
    SELECT sku, price, currency
    FROM (
        SELECT
            sold.sku, lines.unit_price AS price, lines.currency,
            row_number() OVER (PARTITION BY sold.sku ORDER BY lines.quantity DESC, lines.unit_price, lines.currency) AS place
        FROM sold
        JOIN order_lines AS lines ON lines.sku = sold.sku AND lines.ordered_at = sold.last_priced_at
        WHERE lines.kind = 'sale' AND lines.unit_price > 0
    )
    WHERE place = 1
),
listed AS (
    SELECT *
    FROM (
        SELECT
            sku, title, category, brand, product, image,
            row_number() OVER (PARTITION BY sku ORDER BY observed_at DESC, channel, store) AS place
        FROM listings
    )
    WHERE place = 1
),
priced AS (
    SELECT *
    FROM (
        SELECT sku, price, currency, row_number() OVER (PARTITION BY sku ORDER BY observed_at DESC, channel, store) AS place
        FROM prices
    )
    WHERE place = 1
),
costed AS (
    SELECT *
    FROM (
        SELECT sku, unit_cost, currency, row_number() OVER (PARTITION BY sku, currency ORDER BY valid_from DESC) AS place
        FROM costs
    )
    WHERE place = 1
),
counted AS (
    SELECT sku, sum(on_hand) AS on_hand, sum(on_order) AS on_order, max(lead_time_days) AS lead_time_days
    FROM (
        SELECT
            sku, on_hand, on_order, lead_time_days,
            row_number() OVER (PARTITION BY sku, store ORDER BY observed_at DESC) AS place
        FROM stock
    )
    WHERE place = 1
    GROUP BY sku
),
skus AS (
    SELECT sku FROM sold
    UNION SELECT sku FROM listed
    UNION SELECT sku FROM priced
    UNION SELECT sku FROM costed
    UNION SELECT sku FROM counted
)
SELECT
    skus.sku,
    coalesce(listed.title, titled.title) AS title,
    listed.category, listed.brand, listed.product, listed.image,
    sold.first_sold_at, sold.last_sold_at,
    coalesce(priced.price, sale_price.price) AS price,
    costed.unit_cost,
    coalesce(priced.currency, sale_price.currency, costed.currency) AS currency,
    counted.on_hand, counted.on_order, counted.lead_time_days
FROM skus
LEFT JOIN sold ON sold.sku = skus.sku
LEFT JOIN titled ON titled.sku = skus.sku
LEFT JOIN sale_price ON sale_price.sku = skus.sku
LEFT JOIN listed ON listed.sku = skus.sku
LEFT JOIN priced ON priced.sku = skus.sku
LEFT JOIN costed
    ON costed.sku = skus.sku
    AND costed.currency = coalesce(priced.currency, sale_price.currency, costed.currency)
LEFT JOIN counted ON counted.sku = skus.sku
ORDER BY skus.sku
