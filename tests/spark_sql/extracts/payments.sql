SELECT
  `payment_id`,
  `account_id`,
  `paid_on`,
  `kind`,
  `plan_id`,
  `amount`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__payments AS payments
