WITH accepted AS (
  SELECT
    order_id,
    product_code,
    SUM(accepted) AS quantity
  FROM returns__acceptances AS acceptances
  GROUP BY
    order_id,
    product_code
), ordered AS (
  SELECT
    line.order_id,
    line.product_code,
    SUM(line.quantity) AS quantity
  FROM extracts__order_lines AS line
  SEMI JOIN extracts__returns AS authorised
    ON authorised.order_id = line.order_id
  GROUP BY
    line.order_id,
    line.product_code
)
SELECT
  accepted.order_id,
  accepted.product_code,
  accepted.quantity AS accepted,
  ordered.quantity AS ordered
FROM accepted
LEFT JOIN ordered
  ON ordered.order_id = accepted.order_id
  AND ordered.product_code = accepted.product_code
WHERE
  accepted.quantity > COALESCE(ordered.quantity, 0)
