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

-- rows of repeats
SELECT
  row.line,
  first.line AS first_line,
  row.order_id,
  row.`order_id` IS NOT DISTINCT FROM first.`order_id`
  AND row.`ordered_at` IS NOT DISTINCT FROM first.`ordered_at`
  AND row.`channel` IS NOT DISTINCT FROM first.`channel`
  AND row.`buyer_id` IS NOT DISTINCT FROM first.`buyer_id`
  AND row.`seller_id` IS NOT DISTINCT FROM first.`seller_id`
  AND row.`customer_email` IS NOT DISTINCT FROM first.`customer_email`
  AND row.`customer_name` IS NOT DISTINCT FROM first.`customer_name`
  AND row.`customer_phone` IS NOT DISTINCT FROM first.`customer_phone`
  AND row.`contact_opt_out` IS NOT DISTINCT FROM first.`contact_opt_out`
  AND row.`country` IS NOT DISTINCT FROM first.`country`
  AND row.`amount` IS NOT DISTINCT FROM first.`amount`
  AND row.`currency` IS NOT DISTINCT FROM first.`currency`
  AND row.`bv` IS NOT DISTINCT FROM first.`bv`
  AND row.`party_id` IS NOT DISTINCT FROM first.`party_id` AS is_same
FROM incoming AS row
JOIN repeated_keys AS repeated
  ON row.order_id = repeated.order_id
JOIN incoming AS first
  ON first.line = repeated.first_line

-- rows of repeated
SELECT
  line,
  CASE WHEN is_one THEN 'duplicate' ELSE 'conflict' END AS code,
  CAST(NULL AS STRING) AS `column`
FROM (
  SELECT
    line,
    first_line,
    BOOL_AND(is_same) OVER (PARTITION BY order_id) AS is_one
  FROM repeats
)
WHERE
  NOT is_one OR line > first_line

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
FROM repeated

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'buyer_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.buyer_id
WHERE
  NOT buyer_id IS NULL AND DATE_FORMAT(ordered_on, 'yyyy-MM') >= '2020-01'
UNION ALL
SELECT
  line,
  'reference' AS code,
  'seller_id' AS `column`
FROM incoming
ANTI JOIN drops__known_members AS known
  ON known.member_id = incoming.seller_id
WHERE
  NOT seller_id IS NULL AND DATE_FORMAT(ordered_on, 'yyyy-MM') >= '2020-01'

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
FROM repeated
UNION ALL
SELECT
  line,
  code,
  `column`
FROM unknown

-- name of standing
SELECT
  incoming.order_id AS `order_id`,
  incoming.ordered_at AS `ordered_at`,
  incoming.ordered_on AS `ordered_on`,
  incoming.channel AS `channel`,
  incoming.buyer_id AS `buyer_id`,
  incoming.seller_id AS `seller_id`,
  incoming.customer_email AS `customer_email`,
  incoming.customer_name AS `customer_name`,
  incoming.customer_phone AS `customer_phone`,
  incoming.contact_opt_out AS `contact_opt_out`,
  incoming.country AS `country`,
  incoming.amount AS `amount`,
  incoming.currency AS `currency`,
  incoming.bv AS `bv`,
  incoming.party_id AS `party_id`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.orders
SELECT
  standing.`order_id`,
  standing.`ordered_at`,
  standing.`ordered_on`,
  standing.`channel`,
  standing.`buyer_id`,
  standing.`seller_id`,
  standing.`customer_email`,
  standing.`customer_name`,
  standing.`customer_phone`,
  standing.`contact_opt_out`,
  standing.`country`,
  standing.`amount`,
  standing.`currency`,
  standing.`bv`,
  standing.`party_id`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'orders.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`order_id` IS NOT DISTINCT FROM stored.`order_id`
  AND row.`ordered_at` IS NOT DISTINCT FROM stored.`ordered_at`
  AND row.`channel` IS NOT DISTINCT FROM stored.`channel`
  AND row.`buyer_id` IS NOT DISTINCT FROM stored.`buyer_id`
  AND row.`seller_id` IS NOT DISTINCT FROM stored.`seller_id`
  AND row.`customer_email` IS NOT DISTINCT FROM stored.`customer_email`
  AND row.`customer_name` IS NOT DISTINCT FROM stored.`customer_name`
  AND row.`customer_phone` IS NOT DISTINCT FROM stored.`customer_phone`
  AND row.`contact_opt_out` IS NOT DISTINCT FROM stored.`contact_opt_out`
  AND row.`country` IS NOT DISTINCT FROM stored.`country`
  AND row.`amount` IS NOT DISTINCT FROM stored.`amount`
  AND row.`currency` IS NOT DISTINCT FROM stored.`currency`
  AND row.`bv` IS NOT DISTINCT FROM stored.`bv`
  AND row.`party_id` IS NOT DISTINCT FROM stored.`party_id` AS is_same
FROM incoming AS row
JOIN drops__orders AS stored
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

-- rows of drops.orders
SELECT
  standing.`order_id`,
  standing.`ordered_at`,
  standing.`ordered_on`,
  standing.`channel`,
  standing.`buyer_id`,
  standing.`seller_id`,
  standing.`customer_email`,
  standing.`customer_name`,
  standing.`customer_phone`,
  standing.`contact_opt_out`,
  standing.`country`,
  standing.`amount`,
  standing.`currency`,
  standing.`bv`,
  standing.`party_id`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'orders.csv' AS file,
  standing.line AS line
FROM standing
