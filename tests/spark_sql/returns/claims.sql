WITH allowed AS (
  SELECT
    state.ran_id,
    state.order_id,
    state.requested_on,
    state.remedy,
    line.product_code,
    line.quantity_authorised AS authorised,
    line.quantity_received AS received,
    CASE state.remedy
      WHEN 'refund'
      THEN LEAST(line.quantity_authorised, line.quantity_received)
      WHEN 'replacement'
      THEN line.quantity_authorised
      ELSE 0
    END AS quantity
  FROM returns__statuses AS state
  JOIN extracts__return_lines AS line
    ON line.ran_id = state.ran_id
  WHERE
    state.close_month = :close_month
)
SELECT
  ran_id,
  order_id,
  requested_on,
  remedy,
  product_code,
  authorised,
  received,
  CAST(quantity AS BIGINT) AS quantity,
  CAST(SUM(quantity) OVER (
    PARTITION BY order_id, product_code
    ORDER BY requested_on NULLS LAST, ran_id NULLS LAST
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  ) AS BIGINT) AS quantity_so_far
FROM allowed
