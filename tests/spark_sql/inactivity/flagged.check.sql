WITH counts AS (
  SELECT
    COUNT(*) AS members,
    COUNT(flag.member_id) AS newly_flagged
  FROM extracts__members AS member
  LEFT JOIN inactivity__flagged AS flag
    ON flag.member_id = member.member_id AND flag.close_month = :close_month AND flag.new
)
SELECT
  newly_flagged,
  members,
  :max_flagged_share AS max_flagged_share
FROM counts
WHERE
  newly_flagged > 10 AND newly_flagged > :max_flagged_share * members
