WITH counts AS (
  SELECT
    COUNT(*) AS members,
    COUNT(removed.member_id) AS removed
  FROM extracts__members AS member
  LEFT JOIN inactivity__removed AS removed
    ON removed.member_id = member.member_id AND removed.close_month = :close_month
)
SELECT
  removed,
  members,
  :max_removed_share AS max_removed_share
FROM counts
WHERE
  removed > :max_removed_share * members
