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
  MIN(line) AS first_line
FROM incoming
GROUP BY
  ran_id
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
  incoming.ran_id AS `ran_id`,
  incoming.order_id AS `order_id`,
  incoming.reason AS `reason`,
  incoming.requested_on AS `requested_on`,
  incoming.delivered_on AS `delivered_on`,
  incoming.issued_on AS `issued_on`,
  incoming.received_on AS `received_on`,
  incoming.ran_displayed AS `ran_displayed`,
  incoming.proof_of_purchase AS `proof_of_purchase`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.returns
SELECT
  standing.`ran_id`,
  standing.`order_id`,
  standing.`reason`,
  standing.`requested_on`,
  standing.`delivered_on`,
  standing.`issued_on`,
  standing.`received_on`,
  standing.`ran_displayed`,
  standing.`proof_of_purchase`,
  '2020-01' AS drop_month,
  'returns.csv' AS file,
  standing.line AS line
FROM standing

-- rows of drops.returns
SELECT
  standing.`ran_id`,
  standing.`order_id`,
  standing.`reason`,
  standing.`requested_on`,
  standing.`delivered_on`,
  standing.`issued_on`,
  standing.`received_on`,
  standing.`ran_displayed`,
  standing.`proof_of_purchase`,
  '2020-02' AS drop_month,
  'returns.csv' AS file,
  standing.line AS line
FROM standing
