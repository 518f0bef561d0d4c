SELECT
  `plan_id`,
  `account_id`,
  `package`,
  `price`,
  `instalments`,
  `first_due_on`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `plan_id`,
    `account_id`,
    `package`,
    `price`,
    `instalments`,
    `first_due_on`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY plan_id ORDER BY drop_month DESC) AS _w
  FROM drops__plans AS `plans`
) AS _t
WHERE
  (
    _w = 1
  )
