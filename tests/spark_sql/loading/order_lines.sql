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
  line_no,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  order_id,
  line_no
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'order_id' AS `column`
FROM incoming
ANTI JOIN (
  SELECT
    order_id
  FROM drops__orders AS orders
  SEMI JOIN incoming
    USING (order_id)
) AS known
  ON known.order_id = incoming.order_id
WHERE
  NOT order_id IS NULL

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
  incoming.line_no AS `line_no`,
  incoming.product_code AS `product_code`,
  incoming.quantity AS `quantity`,
  incoming.amount AS `amount`,
  incoming.bv AS `bv`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.order_lines
SELECT
  standing.`order_id`,
  standing.`line_no`,
  standing.`product_code`,
  standing.`quantity`,
  standing.`amount`,
  standing.`bv`,
  '2020-01' AS drop_month,
  'order_lines.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`order_id` IS NOT DISTINCT FROM stored.`order_id`
  AND row.`line_no` IS NOT DISTINCT FROM stored.`line_no`
  AND row.`product_code` IS NOT DISTINCT FROM stored.`product_code`
  AND row.`quantity` IS NOT DISTINCT FROM stored.`quantity`
  AND row.`amount` IS NOT DISTINCT FROM stored.`amount`
  AND row.`bv` IS NOT DISTINCT FROM stored.`bv` AS is_same
FROM incoming AS row
JOIN drops__order_lines AS stored
  ON row.order_id = stored.order_id AND row.line_no = stored.line_no

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

-- rows of drops.order_lines
SELECT
  standing.`order_id`,
  standing.`line_no`,
  standing.`product_code`,
  standing.`quantity`,
  standing.`amount`,
  standing.`bv`,
  '2020-02' AS drop_month,
  'order_lines.csv' AS file,
  standing.line AS line
FROM standing
