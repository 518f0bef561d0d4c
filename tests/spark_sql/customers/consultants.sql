WITH asked AS (
  SELECT
    subscription.subscription_id,
    days.day
  FROM extracts__subscriptions AS subscription
  CROSS JOIN customers__days AS days
  UNION ALL
  SELECT DISTINCT
    billing.subscription_id,
    billing.billed_on AS day
  FROM extracts__billings AS billing
  ANTI JOIN customers__days AS days
    ON days.day = billing.billed_on
  WHERE
    billing.posting_month = :close_month
), stated AS (
  SELECT
    asked.subscription_id,
    asked.day,
    subscription.customer_email,
    subscription.consultant_id,
    subscription.started_on,
    subscription.stopped_on,
    CASE
      WHEN COALESCE(subscription.started_on > asked.day, TRUE)
      THEN 'not_started'
      WHEN subscription.stopped_on <= asked.day
      THEN 'stopped'
      ELSE 'active'
    END AS status
  FROM asked
  JOIN extracts__subscriptions AS subscription
    ON subscription.subscription_id = asked.subscription_id
), won AS (
  SELECT
    subscription_id,
    day,
    seller_id,
    ordered_on
  FROM (
    SELECT
      stated.subscription_id,
      stated.day,
      sale.seller_id,
      sale.ordered_on,
      ROW_NUMBER() OVER (
        PARTITION BY stated.subscription_id, stated.day
        ORDER BY sale.ordered_at NULLS LAST, sale.order_id NULLS LAST
      ) AS _w
    FROM stated
    JOIN extracts__orders AS sale
      ON sale.customer_email = stated.customer_email
      AND sale.ordered_on >= stated.started_on
      AND sale.ordered_on <= stated.day
    ANTI JOIN customers__cancellations AS cancelled
      ON cancelled.order_id = sale.order_id AND cancelled.cancelled_on <= stated.day
    WHERE
      stated.consultant_id IS NULL
      AND sale.channel = 'sale'
      AND COALESCE(sale.ordered_on < stated.stopped_on, TRUE)
  ) AS _t
  WHERE
    _w = 1
)
SELECT
  stated.subscription_id,
  stated.day,
  stated.customer_email,
  stated.status,
  CASE
    WHEN stated.status <> 'not_started'
    THEN COALESCE(stated.consultant_id, won.seller_id)
  END AS consultant_id,
  CASE
    WHEN stated.status = 'not_started'
    THEN NULL
    WHEN NOT stated.consultant_id IS NULL
    THEN stated.started_on
    ELSE won.ordered_on
  END AS tied_on
FROM stated
LEFT JOIN won
  ON won.subscription_id = stated.subscription_id AND won.day = stated.day
