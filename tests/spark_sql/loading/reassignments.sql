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
  order_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  order_id
HAVING
  COUNT(*) > 1

-- rows of named_orders
SELECT
  order_id,
  ordered_on,
  party_id,
  amount,
  bv
FROM drops__orders AS orders
SEMI JOIN incoming
  USING (order_id)

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'order_id' AS `column`
FROM incoming
ANTI JOIN named_orders AS known
  ON known.order_id = incoming.order_id
WHERE
  NOT order_id IS NULL
UNION ALL
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
  document.line,
  'before_order' AS code,
  'requested_at' AS `column`
FROM incoming AS document
JOIN named_orders AS placed
  ON placed.order_id = document.order_id
WHERE
  document.requested_on < placed.ordered_on

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
  incoming.order_id AS `order_id`,
  incoming.member_id AS `member_id`,
  incoming.requested_at AS `requested_at`,
  incoming.requested_on AS `requested_on`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.reassignments
SELECT
  standing.`order_id`,
  standing.`member_id`,
  standing.`requested_at`,
  standing.`requested_on`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'reassignments.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`order_id` IS NOT DISTINCT FROM stored.`order_id`
  AND row.`member_id` IS NOT DISTINCT FROM stored.`member_id`
  AND row.`requested_at` IS NOT DISTINCT FROM stored.`requested_at` AS is_same
FROM incoming AS row
JOIN drops__reassignments AS stored
  ON row.order_id = stored.order_id

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

-- rows of drops.reassignments
SELECT
  standing.`order_id`,
  standing.`member_id`,
  standing.`requested_at`,
  standing.`requested_on`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'reassignments.csv' AS file,
  standing.line AS line
FROM standing
