WITH amounts AS (
  SELECT
    ran_id,
    refund_due,
    bv_due,
    CAST(0 AS DECIMAL(18, 2)) AS made
  FROM returns__dues AS dues
  UNION ALL
  SELECT
    ran_id,
    CAST(0 AS DECIMAL(38, 2)) AS refund_due,
    CAST(0 AS DECIMAL(38, 2)) AS bv_due,
    amount AS made
  FROM extracts__reversals AS reversals
  WHERE
    NOT ran_id IS NULL AND reversed_on <= :month_end
)
SELECT
  ran_id,
  CAST(SUM(refund_due) AS DECIMAL(38, 2)) AS refund_due,
  CAST(SUM(bv_due) AS DECIMAL(38, 2)) AS bv_due,
  CAST(SUM(made) AS DECIMAL(38, 2)) AS refund_made
FROM amounts
GROUP BY
  ran_id
