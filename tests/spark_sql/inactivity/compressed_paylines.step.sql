SELECT
  line.sponsor_id AS member_id,
  CAST(:round AS INT) AS level,
  CAST(SUM(payline.bv) AS DECIMAL(38, 2)) AS bv
FROM inactivity__compressed_paylines AS payline
JOIN inactivity__compressed_line AS line
  ON line.member_id = payline.member_id
WHERE
  payline.level = :round - 1 AND NOT line.sponsor_id IS NULL
GROUP BY
  line.sponsor_id
