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
    code = 'duplicate'
) AS gone
  ON gone.line = typed.line

-- rows of repeated_keys
SELECT
  member_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  member_id
HAVING
  COUNT(*) > 1

-- rows of repeats
SELECT
  row.line,
  first.line AS first_line,
  row.member_id,
  row.`member_id` IS NOT DISTINCT FROM first.`member_id`
  AND row.`member_type` IS NOT DISTINCT FROM first.`member_type`
  AND row.`name` IS NOT DISTINCT FROM first.`name`
  AND row.`email` IS NOT DISTINCT FROM first.`email`
  AND row.`phone` IS NOT DISTINCT FROM first.`phone`
  AND row.`language` IS NOT DISTINCT FROM first.`language`
  AND row.`country` IS NOT DISTINCT FROM first.`country`
  AND row.`sponsor_id` IS NOT DISTINCT FROM first.`sponsor_id`
  AND row.`enroller_id` IS NOT DISTINCT FROM first.`enroller_id`
  AND row.`business_id` IS NOT DISTINCT FROM first.`business_id`
  AND row.`enrolled_on` IS NOT DISTINCT FROM first.`enrolled_on`
  AND row.`rank` IS NOT DISTINCT FROM first.`rank` AS is_same
FROM incoming AS row
JOIN repeated_keys AS repeated
  ON row.member_id = repeated.member_id
JOIN incoming AS first
  ON first.line = repeated.first_line

-- rows of repeated
SELECT
  line,
  CASE WHEN is_one THEN 'duplicate' ELSE 'conflict' END AS code,
  CAST(NULL AS STRING) AS `column`
FROM (
  SELECT
    line,
    first_line,
    BOOL_AND(is_same) OVER (PARTITION BY member_id) AS is_one
  FROM repeats
)
WHERE
  NOT is_one OR line > first_line

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
FROM repeated

-- rows of unknown
SELECT
  tie.line,
  'reference' AS code,
  tie.name AS `column`
FROM (
  SELECT
    line,
    'sponsor_id' AS name,
    sponsor_id AS tied_id
  FROM incoming
  WHERE
    sponsor_id <> member_id
  UNION ALL
  SELECT
    line,
    'enroller_id',
    enroller_id
  FROM incoming
) AS tie
ANTI JOIN incoming AS known
  ON known.member_id = tie.tied_id
WHERE
  NOT tie.tied_id IS NULL

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
FROM repeated
UNION ALL
SELECT
  line,
  code,
  `column`
FROM unknown

-- name of standing
SELECT
  incoming.member_id AS `member_id`,
  incoming.member_type AS `member_type`,
  incoming.name AS `name`,
  incoming.email AS `email`,
  incoming.phone AS `phone`,
  incoming.language AS `language`,
  incoming.country AS `country`,
  CASE
    WHEN NOT no_sponsor_id.line IS NULL OR incoming.sponsor_id = incoming.member_id
    THEN NULL
    ELSE incoming.sponsor_id
  END AS `sponsor_id`,
  CASE WHEN NOT no_enroller_id.line IS NULL THEN NULL ELSE incoming.enroller_id END AS `enroller_id`,
  incoming.business_id AS `business_id`,
  incoming.enrolled_on AS `enrolled_on`,
  incoming.rank AS `rank`,
  incoming.line AS `line`
FROM incoming
LEFT JOIN (
  SELECT
    line
  FROM unknown
  WHERE
    `column` = 'sponsor_id'
) AS no_sponsor_id
  ON no_sponsor_id.line = incoming.line
LEFT JOIN (
  SELECT
    line
  FROM unknown
  WHERE
    `column` = 'enroller_id'
) AS no_enroller_id
  ON no_enroller_id.line = incoming.line

-- rows of drops.known_members
SELECT
  incoming.member_id,
  '2020-01' AS drop_month
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.member_id

-- rows of drops.members
SELECT
  standing.`member_id`,
  standing.`member_type`,
  standing.`name`,
  standing.`email`,
  standing.`phone`,
  standing.`language`,
  standing.`country`,
  standing.`sponsor_id`,
  standing.`enroller_id`,
  standing.`business_id`,
  standing.`enrolled_on`,
  standing.`rank`,
  '2020-01' AS drop_month,
  'members.csv' AS file,
  standing.line AS line
FROM standing

-- rows of climb
SELECT
  member.member_id,
  member.sponsor_id AS ancestor_id
FROM drops__members AS member
SEMI JOIN drops__members AS sponsored
  ON sponsored.sponsor_id = member.member_id
WHERE
  NOT member.sponsor_id IS NULL

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

-- rows of drops.known_members
SELECT
  incoming.member_id,
  '2020-02' AS drop_month
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.member_id

-- rows of drops.members
SELECT
  standing.`member_id`,
  standing.`member_type`,
  standing.`name`,
  standing.`email`,
  standing.`phone`,
  standing.`language`,
  standing.`country`,
  standing.`sponsor_id`,
  standing.`enroller_id`,
  standing.`business_id`,
  standing.`enrolled_on`,
  standing.`rank`,
  '2020-02' AS drop_month,
  'members.csv' AS file,
  standing.line AS line
FROM standing
