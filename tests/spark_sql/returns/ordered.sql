SELECT
  line.order_id,
  line.product_code,
  CAST(SUM(line.quantity) AS BIGINT) AS quantity,
  CAST(SUM(line.amount) AS DECIMAL(38, 2)) AS amount,
  CAST(SUM(line.bv) AS DECIMAL(38, 2)) AS bv
FROM extracts__order_lines AS line
SEMI JOIN extracts__returns AS authorised
  ON authorised.order_id = line.order_id
GROUP BY
  line.order_id,
  line.product_code
