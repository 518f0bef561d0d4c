SELECT
  `billing_id`,
  `subscription_id`,
  `billed_on`,
  `amount`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__billings AS billings
