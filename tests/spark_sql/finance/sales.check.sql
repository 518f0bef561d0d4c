WITH sold AS (
  SELECT
    COALESCE(SUM(orders), 0) AS orders,
    COALESCE(SUM(reversals), 0) AS reversals,
    COALESCE(SUM(net_bv), 0) AS net_bv
  FROM finance__sales AS sales
  WHERE
    close_month = :close_month
), placed AS (
  SELECT
    COUNT(*) AS orders,
    COALESCE(SUM(bv), 0) AS bv
  FROM extracts__orders AS orders
  WHERE
    posting_month = :close_month
), taken AS (
  SELECT
    COUNT(*) AS reversals,
    COALESCE(SUM(bv), 0) AS bv
  FROM extracts__reversals AS reversals
  WHERE
    posting_month = :close_month
)
SELECT
  sold.orders - placed.orders AS orders,
  sold.reversals - taken.reversals AS reversals,
  sold.net_bv - (
    placed.bv - taken.bv
  ) AS net_bv
FROM sold
CROSS JOIN placed
CROSS JOIN taken
WHERE
  sold.orders <> placed.orders
  OR sold.reversals <> taken.reversals
  OR sold.net_bv <> placed.bv - taken.bv
