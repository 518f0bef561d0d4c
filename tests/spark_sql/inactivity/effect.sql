WITH legs_before AS (
  SELECT
    sponsor_id AS member_id,
    COUNT(*) AS legs
  FROM extracts__members AS members
  WHERE
    member_type = 'associate'
  GROUP BY
    sponsor_id
), legs_after AS (
  SELECT
    sponsor_id AS member_id,
    COUNT(*) AS legs
  FROM inactivity__compressed_line AS compressed_line
  WHERE
    member_type = 'associate'
  GROUP BY
    sponsor_id
), payline_before AS (
  SELECT
    member_id,
    SUM(bv) AS bv
  FROM finance__paylines AS paylines
  GROUP BY
    member_id
), payline_after AS (
  SELECT
    member_id,
    SUM(bv) AS bv
  FROM inactivity__compressed_paylines AS compressed_paylines
  GROUP BY
    member_id
)
SELECT
  line.member_id,
  CAST(COALESCE(legs_before.legs, 0) AS INT) AS legs_before,
  CAST(COALESCE(legs_after.legs, 0) AS INT) AS legs_after,
  CAST(COALESCE(payline_before.bv, 0) AS DECIMAL(38, 2)) AS payline_bv_before,
  CAST(COALESCE(payline_after.bv, 0) AS DECIMAL(38, 2)) AS payline_bv_after
FROM inactivity__compressed_line AS line
LEFT JOIN legs_before
  ON legs_before.member_id = line.member_id
LEFT JOIN legs_after
  ON legs_after.member_id = line.member_id
LEFT JOIN payline_before
  ON payline_before.member_id = line.member_id
LEFT JOIN payline_after
  ON payline_after.member_id = line.member_id
WHERE
  COALESCE(legs_before.legs, 0) <> COALESCE(legs_after.legs, 0)
  OR COALESCE(payline_before.bv, 0) <> COALESCE(payline_after.bv, 0)
