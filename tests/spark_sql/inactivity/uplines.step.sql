SELECT
  upline.member_id,
  CAST(:round AS INT) AS level,
  member.sponsor_id AS ancestor_id
FROM inactivity__uplines AS upline
JOIN extracts__members AS member
  ON member.member_id = upline.ancestor_id
WHERE
  upline.level = :round - 1 AND NOT member.sponsor_id IS NULL
