SELECT
  `subscription_id`,
  `customer_email`,
  `consultant_id`,
  `started_on`,
  `stopped_on`,
  `monthly_budget`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `subscription_id`,
    `customer_email`,
    `consultant_id`,
    `started_on`,
    `stopped_on`,
    `monthly_budget`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY subscription_id ORDER BY drop_month DESC) AS _w
  FROM drops__subscriptions AS subscriptions
) AS _t
WHERE
  (
    _w = 1
  )
