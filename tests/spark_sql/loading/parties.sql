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
  party_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  party_id
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'consultant_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.consultant_id
WHERE
  NOT consultant_id IS NULL

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
  incoming.party_id AS `party_id`,
  incoming.consultant_id AS `consultant_id`,
  incoming.held_on AS `held_on`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.parties
SELECT
  standing.`party_id`,
  standing.`consultant_id`,
  standing.`held_on`,
  '2020-01' AS drop_month,
  'parties.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.parties
SELECT
  standing.`party_id`,
  standing.`consultant_id`,
  standing.`held_on`,
  '2020-02' AS drop_month,
  'parties.csv' AS file,
  standing.line AS line
FROM standing
