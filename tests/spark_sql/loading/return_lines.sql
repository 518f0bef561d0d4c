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
  ran_id,
  product_code,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  ran_id,
  product_code
HAVING
  COUNT(*) > 1

-- rows of unknown
SELECT
  line,
  'reference' AS code,
  'ran_id' AS `column`
FROM incoming
ANTI JOIN drops__returns AS known
  ON known.ran_id = incoming.ran_id
WHERE
  NOT ran_id IS NULL

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
  incoming.ran_id AS `ran_id`,
  incoming.product_code AS `product_code`,
  incoming.quantity_authorised AS `quantity_authorised`,
  incoming.quantity_received AS `quantity_received`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.return_lines
SELECT
  standing.`ran_id`,
  standing.`product_code`,
  standing.`quantity_authorised`,
  standing.`quantity_received`,
  '2020-01' AS drop_month,
  'return_lines.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.return_lines
SELECT
  standing.`ran_id`,
  standing.`product_code`,
  standing.`quantity_authorised`,
  standing.`quantity_received`,
  '2020-02' AS drop_month,
  'return_lines.csv' AS file,
  standing.line AS line
FROM standing
