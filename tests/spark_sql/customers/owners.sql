WITH previous AS (
  SELECT
    customer_email,
    owner_id
  FROM customers__owners AS owners
  WHERE
    close_month = :last_subscriptions_month
  UNION ALL
  SELECT
    customer_email,
    owner_id
  FROM customers__ownerships AS ownerships
  WHERE
    day < :month_start
), asked AS (
  SELECT
    ownership.customer_email,
    ownership.owner_id,
    ownership.basis,
    ownership.since_on,
    NULLIF(previous.owner_id, ownership.owner_id) AS previous_owner_id,
    CAST(COALESCE(purchase.orders, 0) AS INT) AS orders,
    CAST(COALESCE(purchase.net_bv, 0) AS DECIMAL(38, 2)) AS net_bv,
    purchase.last_order_on
  FROM customers__ownerships AS ownership
  LEFT JOIN previous
    ON previous.customer_email = ownership.customer_email
  LEFT JOIN customers__purchases AS purchase
    ON purchase.customer_email = ownership.customer_email
    AND purchase.day = ownership.day
  WHERE
    ownership.day = :month_end
)
SELECT
  customer_email,
  owner_id,
  basis,
  since_on,
  previous_owner_id,
  orders,
  net_bv,
  last_order_on
FROM asked
UNION ALL
SELECT
  owner.customer_email,
  owner.owner_id,
  owner.basis,
  owner.since_on,
  CAST(NULL AS STRING) AS previous_owner_id,
  owner.orders,
  owner.net_bv,
  owner.last_order_on
FROM customers__owners AS owner
ANTI JOIN customers__news AS news
  ON news.customer_email = owner.customer_email
WHERE
  owner.close_month = :last_subscriptions_month
