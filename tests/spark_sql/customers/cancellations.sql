WITH running AS (
  SELECT
    reversal.order_id,
    reversal.reversed_on,
    placed.amount - SUM(reversal.amount) OVER (
      PARTITION BY reversal.order_id
      ORDER BY reversal.reversed_on NULLS LAST, reversal.reversal_id NULLS LAST
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS amount_left
  FROM extracts__reversals AS reversal
  JOIN finance__reversed AS reversed
    ON reversed.order_id = reversal.order_id
  JOIN extracts__orders AS placed
    ON placed.order_id = reversal.order_id
    AND placed.channel = 'sale'
    AND placed.amount > 0
    AND placed.amount <= reversed.amount
  WHERE
    reversal.reversed_on <= :month_end
)
SELECT
  order_id,
  MIN(reversed_on) AS cancelled_on
FROM running
WHERE
  amount_left <= 0
GROUP BY
  order_id
UNION ALL
SELECT
  order_id,
  ordered_on AS cancelled_on
FROM extracts__orders AS orders
WHERE
  channel = 'sale' AND amount = 0 AND ordered_on <= :month_end
