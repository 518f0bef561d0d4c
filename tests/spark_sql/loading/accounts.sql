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
  account_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  account_id
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'partner_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.partner_id
WHERE
  NOT partner_id IS NULL

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
  incoming.account_id AS `account_id`,
  incoming.email AS `email`,
  incoming.partner_id AS `partner_id`,
  incoming.registered_on AS `registered_on`,
  incoming.verified_on AS `verified_on`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.accounts
SELECT
  standing.`account_id`,
  standing.`email`,
  standing.`partner_id`,
  standing.`registered_on`,
  standing.`verified_on`,
  '2020-01' AS drop_month,
  'accounts.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.accounts
SELECT
  standing.`account_id`,
  standing.`email`,
  standing.`partner_id`,
  standing.`registered_on`,
  standing.`verified_on`,
  '2020-02' AS drop_month,
  'accounts.csv' AS file,
  standing.line AS line
FROM standing
