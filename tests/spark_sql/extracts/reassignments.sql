SELECT
  `order_id`,
  `member_id`,
  `requested_at`,
  `requested_on`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__reassignments AS reassignments
