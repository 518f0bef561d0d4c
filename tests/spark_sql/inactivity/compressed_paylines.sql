SELECT
  line.sponsor_id AS member_id,
  CAST(1 AS INT) AS level,
  CAST(SUM(statement.net_bv) AS DECIMAL(38, 2)) AS bv
FROM inactivity__compressed_line AS line
JOIN finance__statements AS statement
  ON statement.member_id = line.member_id
  AND statement.close_month = :close_month
  AND statement.net_bv <> 0
WHERE
  NOT line.sponsor_id IS NULL
GROUP BY
  line.sponsor_id
