WITH sales AS (
  SELECT
    order_id,
    customer_email,
    :last_subscriptions_month IS NULL
    OR COALESCE(posting_month, drop_month) > :last_subscriptions_month AS is_new
  FROM extracts__orders AS orders
  WHERE
    channel = 'sale'
), taken_back AS (
  SELECT
    order_id
  FROM extracts__reversals AS reversals
  WHERE
    COALESCE(posting_month, drop_month) > :last_subscriptions_month
), told AS (
  SELECT
    customer_email
  FROM sales
  WHERE
    is_new
  UNION ALL
  SELECT
    sales.customer_email
  FROM sales
  SEMI JOIN taken_back
    ON taken_back.order_id = sales.order_id
  UNION ALL
  SELECT
    customer_email
  FROM extracts__subscriptions AS subscriptions
  UNION ALL
  SELECT
    customer_email
  FROM customers__owners AS owners
  WHERE
    close_month = :last_subscriptions_month AND basis = 'subscription'
)
SELECT
  customer_email
FROM told
GROUP BY
  customer_email
