WITH positions AS (
  SELECT
    member_id,
    sponsor_id
  FROM inactivity__gone_positions AS gone_positions
  WHERE
    close_month = :close_month
)
SELECT
  position.member_id,
  position.sponsor_id AS next_id,
  CAST(1 AS INT) AS levels_up,
  above.member_id AS gone_id
FROM positions AS position
LEFT JOIN positions AS above
  ON above.member_id = position.sponsor_id
