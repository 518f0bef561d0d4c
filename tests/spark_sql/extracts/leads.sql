SELECT
  `lead_id`,
  `requested_at`,
  `requested_on`,
  `country`,
  `name`,
  `email`,
  `phone`,
  `contact_opt_out`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__leads AS leads
