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
  subscription_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  subscription_id
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
  incoming.subscription_id AS `subscription_id`,
  incoming.customer_email AS `customer_email`,
  incoming.consultant_id AS `consultant_id`,
  incoming.started_on AS `started_on`,
  incoming.stopped_on AS `stopped_on`,
  incoming.monthly_budget AS `monthly_budget`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.subscriptions
SELECT
  standing.`subscription_id`,
  standing.`customer_email`,
  standing.`consultant_id`,
  standing.`started_on`,
  standing.`stopped_on`,
  standing.`monthly_budget`,
  '2020-01' AS drop_month,
  'subscriptions.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.subscriptions
SELECT
  standing.`subscription_id`,
  standing.`customer_email`,
  standing.`consultant_id`,
  standing.`started_on`,
  standing.`stopped_on`,
  standing.`monthly_budget`,
  '2020-02' AS drop_month,
  'subscriptions.csv' AS file,
  standing.line AS line
FROM standing
