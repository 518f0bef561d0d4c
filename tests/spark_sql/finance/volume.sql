WITH personal AS (
  SELECT
    member_id,
    net_bv
  FROM finance__statements AS statements
  WHERE
    close_month = :close_month AND NOT member_id IS NULL
), payline AS (
  SELECT
    member_id,
    SUM(bv) AS bv
  FROM finance__paylines AS paylines
  GROUP BY
    member_id
), volumes AS (
  SELECT
    member.member_id,
    COALESCE(personal.net_bv, 0) AS personal_bv,
    COALESCE(downline.group_bv, personal.net_bv, 0) AS group_bv,
    COALESCE(payline.bv, 0) AS payline_bv
  FROM extracts__members AS member
  LEFT JOIN finance__downlines AS downline
    ON downline.member_id = member.member_id
  LEFT JOIN personal
    ON personal.member_id = member.member_id
  LEFT JOIN payline
    ON payline.member_id = member.member_id
  UNION ALL
  SELECT
    personal.member_id,
    personal.net_bv AS personal_bv,
    personal.net_bv AS group_bv,
    0 AS payline_bv
  FROM personal
  ANTI JOIN extracts__members AS member
    ON member.member_id = personal.member_id
)
SELECT
  member_id,
  CAST(personal_bv AS DECIMAL(38, 2)) AS personal_bv,
  CAST(group_bv AS DECIMAL(38, 2)) AS group_bv,
  CAST(payline_bv AS DECIMAL(38, 2)) AS payline_bv
FROM volumes
WHERE
  personal_bv <> 0 OR group_bv <> 0 OR payline_bv <> 0
