WITH cancelled AS (
  SELECT
    cancellation.order_id,
    days.day
  FROM customers__cancellations AS cancellation
  JOIN customers__days AS days
    ON days.day >= cancellation.cancelled_on
), standing AS (
  SELECT
    sale.order_id,
    sale.customer_email,
    days.day,
    sale.ordered_at,
    sale.ordered_on,
    sale.bv
  FROM extracts__orders AS sale
  CROSS JOIN customers__days AS days
  SEMI JOIN customers__news AS news
    ON news.customer_email = sale.customer_email
  ANTI JOIN cancelled
    ON cancelled.order_id = sale.order_id AND cancelled.day = days.day
  WHERE
    sale.channel = 'sale' AND sale.ordered_on <= days.day
), taken_back AS (
  SELECT
    standing.customer_email,
    standing.day,
    SUM(reversed.bv) AS bv
  FROM finance__reversed AS reversed
  JOIN standing
    ON standing.order_id = reversed.order_id
  GROUP BY
    standing.customer_email,
    standing.day
), bought AS (
  SELECT
    customer_email,
    day,
    COUNT(*) AS orders,
    SUM(bv) AS bv,
    MAX(ordered_at) AS last_ordered_at,
    MAX(ordered_on) AS last_order_on
  FROM standing
  GROUP BY
    customer_email,
    day
)
SELECT
  bought.customer_email,
  bought.day,
  CAST(bought.orders AS INT) AS orders,
  CAST(bought.bv - COALESCE(taken_back.bv, 0) AS DECIMAL(38, 2)) AS net_bv,
  bought.last_ordered_at,
  bought.last_order_on
FROM bought
LEFT JOIN taken_back
  ON taken_back.customer_email = bought.customer_email AND taken_back.day = bought.day
