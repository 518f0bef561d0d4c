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
  reversal_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  reversal_id
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
  document.line,
  'before_order' AS code,
  'reversed_at' AS `column`
FROM incoming AS document
JOIN named_orders AS placed
  ON placed.order_id = document.order_id
WHERE
  document.reversed_on < placed.ordered_on

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

-- rows of reversal_room
SELECT
  placed.order_id,
  ANY_VALUE(placed.amount) IGNORE NULLS AS amount,
  ANY_VALUE(placed.bv) IGNORE NULLS AS bv,
  CAST(ANY_VALUE(placed.amount) IGNORE NULLS - COALESCE(SUM(earlier.amount), 0) AS DECIMAL(38, 2)) AS amount_left,
  CAST(ANY_VALUE(placed.bv) IGNORE NULLS - COALESCE(SUM(earlier.bv), 0) AS DECIMAL(38, 2)) AS bv_left
FROM named_orders AS placed
LEFT JOIN drops__reversals AS earlier
  ON earlier.order_id = placed.order_id
WHERE
  placed.order_id IN (
    SELECT
      order_id
    FROM incoming
  )
GROUP BY
  placed.order_id

-- rows of reversals_to_walk
SELECT
  row.line,
  row.order_id,
  row.amount,
  row.bv,
  room.amount AS order_amount,
  room.bv AS order_bv,
  room.amount_left,
  room.bv_left,
  row.reversed_at,
  row.reversal_id
FROM incoming AS row
JOIN reversal_room AS room
  ON room.order_id = row.order_id
WHERE
  row.order_id IN (
    SELECT
      inner_row.order_id
    FROM incoming AS inner_row
    JOIN reversal_room AS inner_room
      ON inner_room.order_id = inner_row.order_id
    GROUP BY
      inner_row.order_id
    HAVING
      SUM(inner_row.amount) > ANY_VALUE(inner_room.amount_left) IGNORE NULLS
      OR SUM(inner_row.bv) > ANY_VALUE(inner_room.bv_left) IGNORE NULLS
      OR COUNT(inner_row.bv) < COUNT(*)
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
UNION ALL
SELECT
  line,
  'exceeds_order' AS code,
  `column`
FROM over_limit

-- name of standing
SELECT
  incoming.reversal_id AS `reversal_id`,
  incoming.order_id AS `order_id`,
  incoming.reversed_at AS `reversed_at`,
  incoming.reversed_on AS `reversed_on`,
  incoming.kind AS `kind`,
  incoming.amount AS `amount`,
  COALESCE(incoming.bv, worked_out.bv) AS `bv`,
  incoming.ran_id AS `ran_id`,
  incoming.is_bv_worked_out AS `is_bv_worked_out`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming
LEFT JOIN worked_out
  ON worked_out.line = incoming.line

-- rows of drops.reversals
SELECT
  standing.`reversal_id`,
  standing.`order_id`,
  standing.`reversed_at`,
  standing.`reversed_on`,
  standing.`kind`,
  standing.`amount`,
  standing.`bv`,
  standing.`ran_id`,
  standing.`is_bv_worked_out`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'reversals.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`reversal_id` IS NOT DISTINCT FROM stored.`reversal_id`
  AND row.`order_id` IS NOT DISTINCT FROM stored.`order_id`
  AND row.`reversed_at` IS NOT DISTINCT FROM stored.`reversed_at`
  AND row.`kind` IS NOT DISTINCT FROM stored.`kind`
  AND row.`amount` IS NOT DISTINCT FROM stored.`amount`
  AND CASE WHEN NOT row.is_bv_worked_out THEN row.`bv` END IS NOT DISTINCT FROM CASE WHEN NOT stored.is_bv_worked_out THEN stored.`bv` END
  AND row.`ran_id` IS NOT DISTINCT FROM stored.`ran_id` AS is_same
FROM incoming AS row
JOIN drops__reversals AS stored
  ON row.reversal_id = stored.reversal_id

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
UNION ALL
SELECT
  line,
  'exceeds_order' AS code,
  `column`
FROM over_limit

-- rows of drops.reversals
SELECT
  standing.`reversal_id`,
  standing.`order_id`,
  standing.`reversed_at`,
  standing.`reversed_on`,
  standing.`kind`,
  standing.`amount`,
  standing.`bv`,
  standing.`ran_id`,
  standing.`is_bv_worked_out`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'reversals.csv' AS file,
  standing.line AS line
FROM standing
