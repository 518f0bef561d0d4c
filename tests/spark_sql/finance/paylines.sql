SELECT
  member.sponsor_id AS member_id,
  CAST(1 AS INT) AS level,
  CAST(SUM(statement.net_bv) AS DECIMAL(38, 2)) AS bv
FROM extracts__members AS member
JOIN finance__statements AS statement
  ON statement.member_id = member.member_id
  AND statement.close_month = :close_month
  AND statement.net_bv <> 0
WHERE
  NOT member.sponsor_id IS NULL
GROUP BY
  member.sponsor_id
