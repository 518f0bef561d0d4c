SELECT
  `reversal_id`,
  `order_id`,
  `reversed_at`,
  `reversed_on`,
  `kind`,
  `amount`,
  `bv`,
  `ran_id`,
  `is_bv_worked_out`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__reversals AS reversals
