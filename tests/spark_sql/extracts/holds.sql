SELECT
  `hold_id`,
  `member_id`,
  `kind`,
  `starts_on`,
  `ends_on`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `hold_id`,
    `member_id`,
    `kind`,
    `starts_on`,
    `ends_on`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY hold_id ORDER BY drop_month DESC) AS _w
  FROM drops__holds AS holds
) AS _t
WHERE
  (
    _w = 1
  )
