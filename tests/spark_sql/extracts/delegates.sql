SELECT
  `member_id`,
  `delegate_id`,
  `starts_on`,
  `ends_on`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `member_id`,
    `delegate_id`,
    `starts_on`,
    `ends_on`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY member_id, starts_on ORDER BY drop_month DESC) AS _w
  FROM drops__delegates AS delegates
) AS _t
WHERE
  (
    _w = 1
  )
