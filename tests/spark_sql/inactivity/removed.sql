SELECT
  inactive.member_id,
  inactive.member_type,
  inactive.country,
  inactive.sponsor_id,
  inactive.enroller_id,
  inactive.last_activity_on,
  flag.flagged_on,
  flag.deadline
FROM inactivity__inactive AS inactive
JOIN inactivity__flagged AS flag
  ON flag.member_id = inactive.member_id
  AND flag.close_month = :previous_month
  AND flag.deadline <= :month_end
