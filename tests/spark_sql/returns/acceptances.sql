WITH accepted AS (
  SELECT
    claim.ran_id,
    claim.order_id,
    claim.requested_on,
    claim.remedy,
    claim.product_code,
    claim.authorised,
    claim.received,
    LEAST(claim.quantity_so_far, COALESCE(ordered.quantity, 0)) - LEAST(claim.quantity_so_far - claim.quantity, COALESCE(ordered.quantity, 0)) AS quantity
  FROM returns__claims AS claim
  LEFT JOIN returns__ordered AS ordered
    ON ordered.order_id = claim.order_id AND ordered.product_code = claim.product_code
)
SELECT
  ran_id,
  order_id,
  requested_on,
  remedy,
  product_code,
  authorised,
  received,
  CAST(quantity AS INT) AS accepted,
  CAST(CASE WHEN remedy = 'replacement' THEN 0 ELSE received - quantity END AS INT) AS returned_to_sender
FROM accepted
