WITH owners AS (
  SELECT
    customer_email,
    owner_id,
    basis,
    since_on,
    previous_owner_id,
    orders,
    net_bv,
    last_order_on
  FROM customers__owners AS owners
  WHERE
    close_month = :close_month
), reached AS (
  SELECT
    sale.customer_email,
    MAX(sale.customer_name) AS customer_name,
    MAX(sale.customer_phone) AS customer_phone
  FROM extracts__orders AS sale
  JOIN owners
    ON owners.customer_email = sale.customer_email
    AND owners.last_order_on = sale.ordered_on
    AND owners.owner_id = sale.seller_id
  WHERE
    sale.channel = 'sale'
  GROUP BY
    sale.customer_email
)
SELECT
  owners.owner_id AS leader_id,
  owners.customer_email,
  owners.owner_id,
  owners.basis,
  owners.since_on,
  owners.previous_owner_id,
  owners.orders,
  owners.net_bv,
  owners.last_order_on,
  CASE
    WHEN NOT owners.previous_owner_id IS NULL
    OR (
      owners.since_on >= :month_start
      AND (
        owners.basis = 'subscription' OR owners.orders = 1
      )
    )
    THEN 'new'
    WHEN owners.last_order_on < CAST(:month_end - :retained_days * INTERVAL '1' DAY AS DATE)
    THEN 'lapsed'
  END AS attention,
  reached.customer_name,
  reached.customer_phone
FROM owners
LEFT JOIN reached
  ON reached.customer_email = owners.customer_email
