SELECT
  member_id,
  CAST(1 AS INT) AS level,
  sponsor_id AS ancestor_id
FROM inactivity__flagged AS flagged
WHERE
  close_month = :close_month AND NOT sponsor_id IS NULL AND :list_levels >= 1
