SELECT
  `order_id`,
  `line_no`,
  `product_code`,
  `quantity`,
  `amount`,
  `bv`,
  `drop_month`,
  `file`,
  `line`
FROM drops__order_lines AS order_lines
