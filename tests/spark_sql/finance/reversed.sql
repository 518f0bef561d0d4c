SELECT
  order_id,
  CAST(SUM(amount) AS DECIMAL(18, 2)) AS amount,
  CAST(SUM(bv) AS DECIMAL(18, 2)) AS bv
FROM extracts__reversals AS reversals
WHERE
  reversed_on <= :month_end
GROUP BY
  order_id
