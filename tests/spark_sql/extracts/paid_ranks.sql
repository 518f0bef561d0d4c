SELECT
  `member_id`,
  `week_start`,
  `rank`,
  `drop_month`,
  `file`,
  `line`
FROM drops__paid_ranks AS paid_ranks
