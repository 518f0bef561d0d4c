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
  starts_on,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  member_id,
  starts_on
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
UNION ALL
SELECT
  line,
  'reference' AS code,
  'delegate_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.delegate_id
WHERE
  NOT delegate_id IS NULL

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
  incoming.delegate_id AS `delegate_id`,
  incoming.starts_on AS `starts_on`,
  incoming.ends_on AS `ends_on`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.delegates
SELECT
  standing.`member_id`,
  standing.`delegate_id`,
  standing.`starts_on`,
  standing.`ends_on`,
  '2020-01' AS drop_month,
  'delegates.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.delegates
SELECT
  standing.`member_id`,
  standing.`delegate_id`,
  standing.`starts_on`,
  standing.`ends_on`,
  '2020-02' AS drop_month,
  'delegates.csv' AS file,
  standing.line AS line
FROM standing
