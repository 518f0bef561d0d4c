SELECT
  `account_id`,
  `email`,
  `partner_id`,
  `registered_on`,
  `verified_on`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `account_id`,
    `email`,
    `partner_id`,
    `registered_on`,
    `verified_on`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY drop_month DESC) AS _w
  FROM drops__accounts AS accounts
) AS _t
WHERE
  (
    _w = 1
  )
