WITH reversed_in_time AS (
  SELECT
    reversal.order_id,
    SUM(reversal.bv) AS bv
  FROM extracts__reversals AS reversal
  JOIN book__windows AS span
    ON span.month = :close_month AND reversal.reversed_on <= span.qualification_end
  GROUP BY
    reversal.order_id
)
SELECT
  placed.order_id,
  placed.buyer_id,
  CAST(placed.bv - COALESCE(reversed_in_time.bv, 0) AS DECIMAL(18, 2)) AS net_bv
FROM extracts__orders AS placed
JOIN book__windows AS span
  ON span.month = :close_month
  AND placed.ordered_on >= span.qualification_start
  AND placed.ordered_on <= span.qualification_end
LEFT JOIN reversed_in_time
  ON reversed_in_time.order_id = placed.order_id
WHERE
  placed.channel = 'member'
