SELECT
  `party_id`,
  `consultant_id`,
  `held_on`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `party_id`,
    `consultant_id`,
    `held_on`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY party_id ORDER BY drop_month DESC) AS _w
  FROM drops__parties AS parties
) AS _t
WHERE
  (
    _w = 1
  )
