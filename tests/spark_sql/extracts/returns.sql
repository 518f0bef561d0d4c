SELECT
  `ran_id`,
  `order_id`,
  `reason`,
  `requested_on`,
  `delivered_on`,
  `issued_on`,
  `received_on`,
  `ran_displayed`,
  `proof_of_purchase`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `ran_id`,
    `order_id`,
    `reason`,
    `requested_on`,
    `delivered_on`,
    `issued_on`,
    `received_on`,
    `ran_displayed`,
    `proof_of_purchase`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY ran_id ORDER BY drop_month DESC) AS _w
  FROM drops__returns AS `returns`
) AS _t
WHERE
  (
    _w = 1
  )
