WITH documents AS (
  SELECT
    channel,
    currency,
    1 AS orders,
    amount,
    bv,
    0 AS reversals,
    CAST(0 AS DECIMAL(18, 2)) AS amount_reversed,
    CAST(0 AS DECIMAL(18, 2)) AS bv_reversed
  FROM extracts__orders AS orders
  WHERE
    posting_month = :close_month
  UNION ALL
  SELECT
    placed.channel,
    placed.currency,
    0 AS orders,
    CAST(0 AS DECIMAL(18, 2)) AS amount,
    CAST(0 AS DECIMAL(18, 2)) AS bv,
    1 AS reversals,
    reversal.amount AS amount_reversed,
    reversal.bv AS bv_reversed
  FROM extracts__reversals AS reversal
  JOIN extracts__orders AS placed
    ON placed.order_id = reversal.order_id
  WHERE
    reversal.posting_month = :close_month
)
SELECT
  channel,
  currency,
  CAST(SUM(orders) AS INT) AS orders,
  CAST(SUM(amount) AS DECIMAL(38, 2)) AS amount,
  CAST(SUM(bv) AS DECIMAL(38, 2)) AS bv,
  CAST(SUM(reversals) AS INT) AS reversals,
  CAST(SUM(amount_reversed) AS DECIMAL(38, 2)) AS amount_reversed,
  CAST(SUM(bv_reversed) AS DECIMAL(38, 2)) AS bv_reversed,
  CAST(SUM(amount - amount_reversed) AS DECIMAL(38, 2)) AS net_amount,
  CAST(SUM(bv - bv_reversed) AS DECIMAL(38, 2)) AS net_bv
FROM documents
GROUP BY
  channel,
  currency
