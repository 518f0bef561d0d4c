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
  plan_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  plan_id
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'account_id' AS `column`
FROM incoming
ANTI JOIN drops__accounts AS known
  ON known.account_id = incoming.account_id
WHERE
  NOT account_id IS NULL

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
  incoming.plan_id AS `plan_id`,
  incoming.account_id AS `account_id`,
  incoming.package AS `package`,
  incoming.price AS `price`,
  incoming.instalments AS `instalments`,
  incoming.first_due_on AS `first_due_on`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.plans
SELECT
  standing.`plan_id`,
  standing.`account_id`,
  standing.`package`,
  standing.`price`,
  standing.`instalments`,
  standing.`first_due_on`,
  '2020-01' AS drop_month,
  'plans.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.plans
SELECT
  standing.`plan_id`,
  standing.`account_id`,
  standing.`package`,
  standing.`price`,
  standing.`instalments`,
  standing.`first_due_on`,
  '2020-02' AS drop_month,
  'plans.csv' AS file,
  standing.line AS line
FROM standing
