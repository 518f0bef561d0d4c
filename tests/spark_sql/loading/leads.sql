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
  lead_id,
  MIN(line) AS first_line
FROM incoming
GROUP BY
  lead_id
HAVING
  COUNT(*) > 1

-- name of standing
SELECT
  incoming.lead_id AS `lead_id`,
  incoming.requested_at AS `requested_at`,
  incoming.requested_on AS `requested_on`,
  incoming.country AS `country`,
  incoming.name AS `name`,
  incoming.email AS `email`,
  incoming.phone AS `phone`,
  incoming.contact_opt_out AS `contact_opt_out`,
  incoming.posting_month AS `posting_month`,
  incoming.line AS `line`
FROM incoming

-- rows of drops.leads
SELECT
  standing.`lead_id`,
  standing.`requested_at`,
  standing.`requested_on`,
  standing.`country`,
  standing.`name`,
  standing.`email`,
  standing.`phone`,
  standing.`contact_opt_out`,
  standing.`posting_month`,
  '2020-01' AS drop_month,
  'leads.csv' AS file,
  standing.line AS line
FROM standing

-- rows of met_again
SELECT
  row.line,
  row.`lead_id` IS NOT DISTINCT FROM stored.`lead_id`
  AND row.`requested_at` IS NOT DISTINCT FROM stored.`requested_at`
  AND row.`country` IS NOT DISTINCT FROM stored.`country`
  AND row.`name` IS NOT DISTINCT FROM stored.`name`
  AND row.`email` IS NOT DISTINCT FROM stored.`email`
  AND row.`phone` IS NOT DISTINCT FROM stored.`phone`
  AND row.`contact_opt_out` IS NOT DISTINCT FROM stored.`contact_opt_out` AS is_same
FROM incoming AS row
JOIN drops__leads AS stored
  ON row.lead_id = stored.lead_id

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

-- rows of drops.leads
SELECT
  standing.`lead_id`,
  standing.`requested_at`,
  standing.`requested_on`,
  standing.`country`,
  standing.`name`,
  standing.`email`,
  standing.`phone`,
  standing.`contact_opt_out`,
  standing.`posting_month`,
  '2020-02' AS drop_month,
  'leads.csv' AS file,
  standing.line AS line
FROM standing
