SELECT
  `member_id`,
  `member_type`,
  `name`,
  `email`,
  `phone`,
  `language`,
  `country`,
  `sponsor_id`,
  `enroller_id`,
  `business_id`,
  `enrolled_on`,
  `rank`,
  `drop_month`,
  `file`,
  `line`
FROM drops__members AS members
