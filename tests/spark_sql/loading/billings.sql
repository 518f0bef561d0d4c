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
  billing_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  billing_id
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'subscription_id' AS `column`
FROM incoming
ANTI JOIN drops__subscriptions AS known
  ON known.subscription_id = incoming.subscription_id
WHERE
  NOT subscription_id IS NULL

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
  incoming.billing_id AS `billing_id`,
  incoming.subscription_id AS `subscription_id`,
  incoming.billed_on AS `billed_on`,
  incoming.amount AS `amount`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.billings
SELECT
  standing.`billing_id`,
  standing.`subscription_id`,
  standing.`billed_on`,
  standing.`amount`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'billings.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`billing_id` IS NOT DISTINCT FROM stored.`billing_id`
  AND row.`subscription_id` IS NOT DISTINCT FROM stored.`subscription_id`
  AND row.`billed_on` IS NOT DISTINCT FROM stored.`billed_on`
  AND row.`amount` IS NOT DISTINCT FROM stored.`amount` AS is_same
FROM incoming AS row
JOIN drops__billings AS stored
  ON row.billing_id = stored.billing_id

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

-- rows of drops.billings
SELECT
  standing.`billing_id`,
  standing.`subscription_id`,
  standing.`billed_on`,
  standing.`amount`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'billings.csv' AS file,
  standing.line AS line
FROM standing
