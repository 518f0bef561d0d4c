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
  payment_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  payment_id
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
UNION ALL
SELECT
  line,
  'reference' AS code,
  'plan_id' AS `column`
FROM incoming
ANTI JOIN drops__plans AS known
  ON known.plan_id = incoming.plan_id
WHERE
  NOT plan_id IS NULL
UNION ALL
SELECT
  payment.line,
  'reference' AS code,
  'plan_id' AS `column`
FROM incoming AS payment
JOIN extracts__plans AS plan
  ON plan.plan_id = payment.plan_id
WHERE
  payment.kind = 'purchase'
  AND plan.account_id <> payment.account_id
  AND payment.account_id IN (
    SELECT
      account_id
    FROM drops__accounts AS accounts
  )

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
  incoming.payment_id AS `payment_id`,
  incoming.account_id AS `account_id`,
  incoming.paid_on AS `paid_on`,
  incoming.kind AS `kind`,
  incoming.plan_id AS `plan_id`,
  incoming.amount AS `amount`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.payments
SELECT
  standing.`payment_id`,
  standing.`account_id`,
  standing.`paid_on`,
  standing.`kind`,
  standing.`plan_id`,
  standing.`amount`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'payments.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`payment_id` IS NOT DISTINCT FROM stored.`payment_id`
  AND row.`account_id` IS NOT DISTINCT FROM stored.`account_id`
  AND row.`paid_on` IS NOT DISTINCT FROM stored.`paid_on`
  AND row.`kind` IS NOT DISTINCT FROM stored.`kind`
  AND row.`plan_id` IS NOT DISTINCT FROM stored.`plan_id`
  AND row.`amount` IS NOT DISTINCT FROM stored.`amount` AS is_same
FROM incoming AS row
JOIN drops__payments AS stored
  ON row.payment_id = stored.payment_id

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

-- rows of drops.payments
SELECT
  standing.`payment_id`,
  standing.`account_id`,
  standing.`paid_on`,
  standing.`kind`,
  standing.`plan_id`,
  standing.`amount`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'payments.csv' AS file,
  standing.line AS line
FROM standing
