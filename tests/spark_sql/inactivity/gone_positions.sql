SELECT
  member_id,
  sponsor_id
FROM inactivity__removed AS removed
WHERE
  close_month = :close_month
UNION ALL
SELECT
  present.member_id,
  member.sponsor_id
FROM inactivity__still_present AS present
JOIN extracts__members AS member
  ON member.member_id = present.member_id
WHERE
  present.close_month = :close_month
