-- name of listed
SELECT
  line,
  code,
  `column`
FROM row_faults

-- name of incoming
SELECT
  typed.*
FROM typed
ANTI JOIN (
  SELECT
    line
  FROM listed
  WHERE
    TRUE
) AS gone
  ON gone.line = typed.line

-- rows of repeated_keys
SELECT
  member_id,
  week_start,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  member_id,
  week_start
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'member_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.member_id
WHERE
  NOT member_id IS NULL

-- name of listed
SELECT
  line,
  code,
  `column`
FROM row_faults
UNION ALL
SELECT
  line,
  code,
  `column`
FROM unknown

-- name of standing
SELECT
  incoming.member_id AS `member_id`,
  incoming.week_start AS `week_start`,
  incoming.rank AS `rank`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.paid_ranks
SELECT
  standing.`member_id`,
  standing.`week_start`,
  standing.`rank`,
  '2020-01' AS drop_month,
  'paid_ranks.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`member_id` IS NOT DISTINCT FROM stored.`member_id`
  AND row.`week_start` IS NOT DISTINCT FROM stored.`week_start`
  AND row.`rank` IS NOT DISTINCT FROM stored.`rank` AS is_same
FROM incoming AS row
JOIN drops__paid_ranks AS stored
  ON row.member_id = stored.member_id AND row.week_start = stored.week_start

-- name of listed
SELECT
  line,
  code,
  `column`
FROM row_faults
UNION ALL
SELECT
  line,
  'changed' AS code,
  CAST(NULL AS STRING) AS `column`
FROM met_again
WHERE
  NOT is_same

-- name of incoming
SELECT
  typed.*
FROM typed
ANTI JOIN (
  SELECT
    line
  FROM listed
  WHERE
    TRUE
  UNION ALL
  SELECT
    line
  FROM met_again
  WHERE
    is_same
) AS gone
  ON gone.line = typed.line

-- name of listed
SELECT
  line,
  code,
  `column`
FROM row_faults
UNION ALL
SELECT
  line,
  'changed' AS code,
  CAST(NULL AS STRING) AS `column`
FROM met_again
WHERE
  NOT is_same
UNION ALL
SELECT
  line,
  code,
  `column`
FROM unknown

-- rows of drops.paid_ranks
SELECT
  standing.`member_id`,
  standing.`week_start`,
  standing.`rank`,
  '2020-02' AS drop_month,
  'paid_ranks.csv' AS file,
  standing.line AS line
FROM standing
