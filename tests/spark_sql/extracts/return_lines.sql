SELECT
  `ran_id`,
  `product_code`,
  `quantity_authorised`,
  `quantity_received`,
  `drop_month`,
  `file`,
  `line`
FROM (
  SELECT
    `ran_id`,
    `product_code`,
    `quantity_authorised`,
    `quantity_received`,
    `drop_month`,
    `file`,
    `line`,
    ROW_NUMBER() OVER (PARTITION BY ran_id, product_code ORDER BY drop_month DESC) AS _w
  FROM drops__return_lines AS return_lines
) AS _t
WHERE
  (
    _w = 1
  )
