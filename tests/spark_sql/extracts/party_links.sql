SELECT
  `order_id`,
  `party_id`,
  `linked_on`,
  `posting_month`,
  `drop_month`,
  `file`,
  `line`
FROM drops__party_links AS party_links
