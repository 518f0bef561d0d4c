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
  'party_id' AS `column`
FROM incoming
ANTI JOIN drops__parties AS known
  ON known.party_id = incoming.party_id
WHERE
  NOT party_id IS NULL
UNION ALL
SELECT
  document.line,
  'before_order' AS code,
  'linked_on' AS `column`
FROM incoming AS document
JOIN named_orders AS placed
  ON placed.order_id = document.order_id
WHERE
  document.linked_on < placed.ordered_on
UNION ALL
SELECT
  link.line,
  'already_linked' AS code,
  'order_id' AS `column`
FROM incoming AS link
JOIN named_orders AS placed
  ON placed.order_id = link.order_id
WHERE
  NOT placed.party_id IS NULL

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
  incoming.party_id AS `party_id`,
  incoming.linked_on AS `linked_on`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.party_links
SELECT
  standing.`order_id`,
  standing.`party_id`,
  standing.`linked_on`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'party_links.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`order_id` IS NOT DISTINCT FROM stored.`order_id`
  AND row.`party_id` IS NOT DISTINCT FROM stored.`party_id`
  AND row.`linked_on` IS NOT DISTINCT FROM stored.`linked_on` AS is_same
FROM incoming AS row
JOIN drops__party_links AS stored
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

-- rows of drops.party_links
SELECT
  standing.`order_id`,
  standing.`party_id`,
  standing.`linked_on`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'party_links.csv' AS file,
  standing.line AS line
FROM standing
