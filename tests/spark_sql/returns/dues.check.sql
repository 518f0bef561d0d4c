WITH due AS (
  SELECT
    line.order_id,
    line.product_code,
    SUM(due.refund_due) AS refund_due,
    SUM(due.bv_due) AS bv_due
  FROM returns__dues AS due
  JOIN returns__acceptances AS line
    ON line.ran_id = due.ran_id AND line.product_code = due.product_code
  GROUP BY
    line.order_id,
    line.product_code
)
SELECT
  due.order_id,
  due.product_code,
  due.refund_due,
  ordered.amount,
  due.bv_due,
  ordered.bv
FROM due
JOIN returns__ordered AS ordered
  ON ordered.order_id = due.order_id AND ordered.product_code = due.product_code
WHERE
  due.refund_due > ordered.amount OR due.bv_due > ordered.bv
