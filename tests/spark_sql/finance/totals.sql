WITH orders_posted AS (
  SELECT
    SUM(bv) AS bv
  FROM extracts__orders AS orders
  WHERE
    posting_month = :close_month
), reversals_posted AS (
  SELECT
    SUM(bv) AS bv
  FROM extracts__reversals AS reversals
  WHERE
    posting_month = :close_month
), ledger AS (
  SELECT
    SUM(bv) AS net,
    SUM(bv) FILTER(WHERE
      entry = 'credit') AS credits,
    SUM(bv) FILTER(WHERE
      entry = 'credit' AND member_id IS NULL) AS house_credits,
    SUM(bv) FILTER(WHERE
      entry = 'transfer') AS transfers,
    SUM(bv) FILTER(WHERE
      entry = 'reversal') AS reversals,
    SUM(bv) FILTER(WHERE
      member_id IS NULL) AS house_net
  FROM finance__bv_ledger AS bv_ledger
  WHERE
    close_month = :close_month
), volumes AS (
  SELECT
    SUM(personal_bv) AS bv
  FROM finance__volume AS volume
  WHERE
    close_month = :close_month
)
SELECT
  CAST(COALESCE(orders_posted.bv, 0) AS DECIMAL(38, 2)) AS orders_posted,
  CAST(COALESCE(ledger.credits, 0) AS DECIMAL(38, 2)) AS credits,
  CAST(COALESCE(ledger.house_credits, 0) AS DECIMAL(38, 2)) AS house_credits,
  CAST(COALESCE(ledger.transfers, 0) AS DECIMAL(38, 2)) AS transfers,
  CAST(COALESCE(reversals_posted.bv, 0) AS DECIMAL(38, 2)) AS reversals_posted,
  CAST(COALESCE(ledger.reversals, 0) AS DECIMAL(38, 2)) AS reversals,
  CAST(COALESCE(ledger.net, 0) AS DECIMAL(38, 2)) AS net,
  CAST(COALESCE(ledger.house_net, 0) AS DECIMAL(38, 2)) AS house_net,
  CAST(COALESCE(volumes.bv, 0) AS DECIMAL(38, 2)) AS volume_total
FROM orders_posted
CROSS JOIN reversals_posted
CROSS JOIN ledger
CROSS JOIN volumes
