WITH shares AS (
  SELECT
    line.ran_id,
    line.order_id,
    line.product_code,
    line.requested_on,
    line.accepted,
    ordered.quantity AS ordered_quantity,
    CAST(ordered.amount * 100 AS DECIMAL(38, 0)) AS most_cents,
    CAST(ordered.bv * 100 AS DECIMAL(38, 0)) AS most_bv_cents,
    CAST((
      CAST((
        2 * CAST(ordered.amount * 100 AS DECIMAL(38, 0)) * line.accepted + ordered.quantity
      ) AS DECIMAL(38, 0)) - CAST((
        2 * CAST(ordered.amount * 100 AS DECIMAL(38, 0)) * line.accepted + ordered.quantity
      ) AS DECIMAL(38, 0)) % CAST((
        2 * ordered.quantity
      ) AS DECIMAL(38, 0))
    ) / CAST((
      2 * ordered.quantity
    ) AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS cents,
    CAST((
      CAST((
        2 * CAST(ordered.bv * 100 AS DECIMAL(38, 0)) * line.accepted + ordered.quantity
      ) AS DECIMAL(38, 0)) - CAST((
        2 * CAST(ordered.bv * 100 AS DECIMAL(38, 0)) * line.accepted + ordered.quantity
      ) AS DECIMAL(38, 0)) % CAST((
        2 * ordered.quantity
      ) AS DECIMAL(38, 0))
    ) / CAST((
      2 * ordered.quantity
    ) AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS bv_cents
  FROM returns__acceptances AS line
  JOIN returns__ordered AS ordered
    ON ordered.order_id = line.order_id AND ordered.product_code = line.product_code
  WHERE
    line.remedy = 'refund'
), so_far AS (
  SELECT
    ran_id,
    product_code,
    ordered_quantity,
    most_cents,
    most_bv_cents,
    accepted,
    cents,
    bv_cents,
    SUM(accepted) OVER (
      PARTITION BY order_id, product_code
      ORDER BY requested_on NULLS LAST, ran_id NULLS LAST
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS accepted_so_far,
    SUM(cents) OVER (
      PARTITION BY order_id, product_code
      ORDER BY requested_on NULLS LAST, ran_id NULLS LAST
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS cents_so_far,
    SUM(bv_cents) OVER (
      PARTITION BY order_id, product_code
      ORDER BY requested_on NULLS LAST, ran_id NULLS LAST
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS bv_cents_so_far
  FROM shares
), due AS (
  SELECT
    ran_id,
    product_code,
    CASE
      WHEN accepted = 0
      THEN 0
      WHEN accepted_so_far = ordered_quantity
      THEN most_cents - LEAST(most_cents, cents_so_far - cents)
      ELSE LEAST(most_cents, cents_so_far) - LEAST(most_cents, cents_so_far - cents)
    END AS cents,
    CASE
      WHEN accepted = 0
      THEN 0
      WHEN accepted_so_far = ordered_quantity
      THEN most_bv_cents - LEAST(most_bv_cents, bv_cents_so_far - bv_cents)
      ELSE LEAST(most_bv_cents, bv_cents_so_far) - LEAST(most_bv_cents, bv_cents_so_far - bv_cents)
    END AS bv_cents
  FROM so_far
)
SELECT
  ran_id,
  product_code,
  CAST(CAST(cents AS DECIMAL(38, 0)) * 0.01 AS DECIMAL(38, 2)) AS refund_due,
  CAST(CAST(bv_cents AS DECIMAL(38, 0)) * 0.01 AS DECIMAL(38, 2)) AS bv_due
FROM due
