SELECT
  member.member_id,
  member.member_type,
  member.country,
  member.sponsor_id,
  member.enroller_id,
  activity.last_activity_on
FROM extracts__members AS member
JOIN inactivity__last_activity AS activity
  ON activity.member_id = member.member_id
ANTI JOIN book__exempt_members AS exempt
  ON exempt.member_id = member.member_id
ANTI JOIN inactivity__still_present AS present
  ON present.member_id = member.member_id AND present.close_month = :close_month
WHERE
  activity.last_activity_on < CAST(:close_day - :months * INTERVAL '1' MONTH AS DATE)
