SELECT
  placed.order_id,
  COUNT(entry.order_id) AS credits
FROM extracts__orders AS placed
LEFT JOIN finance__bv_ledger AS entry
  ON entry.order_id = placed.order_id
  AND entry.entry = 'credit'
  AND entry.close_month = :close_month
WHERE
  placed.posting_month = :close_month
GROUP BY
  placed.order_id
HAVING
  COUNT(entry.order_id) <> 1
