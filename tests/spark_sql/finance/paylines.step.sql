SELECT
  member.sponsor_id AS member_id,
  CAST(:round AS INT) AS level,
  CAST(SUM(payline.bv) AS DECIMAL(38, 2)) AS bv
FROM finance__paylines AS payline
JOIN extracts__members AS member
  ON member.member_id = payline.member_id
WHERE
  payline.level = :round - 1 AND NOT member.sponsor_id IS NULL
GROUP BY
  member.sponsor_id
