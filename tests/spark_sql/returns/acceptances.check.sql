WITH accepted AS (
  SELECT
    order_id,
    product_code,
    SUM(accepted) AS quantity
  FROM returns__acceptances AS acceptances
  GROUP BY
    order_id,
    product_code
)
SELECT
  accepted.order_id,
  accepted.product_code,
  accepted.quantity AS accepted,
  ordered.quantity AS ordered
FROM accepted
LEFT JOIN returns__ordered AS ordered
  ON ordered.order_id = accepted.order_id
  AND ordered.product_code = accepted.product_code
WHERE
  accepted.quantity > COALESCE(ordered.quantity, 0)
