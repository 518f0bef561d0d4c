WITH below AS (
  SELECT
    ancestor_id,
    SUM(group_bv) AS group_bv,
    SUM(people) AS people,
    SUM(associates) AS associates,
    SUM(newcomers) AS newcomers,
    SUM(active) AS active
  FROM finance__downlines AS downlines
  WHERE
    NOT ancestor_id IS NULL
  GROUP BY
    ancestor_id
)
SELECT
  downline.member_id,
  above.ancestor_id,
  CAST(downline.group_bv + COALESCE(below.group_bv, 0) AS DECIMAL(38, 2)) AS group_bv,
  CAST(downline.people + COALESCE(below.people, 0) AS INT) AS people,
  CAST(downline.associates + COALESCE(below.associates, 0) AS INT) AS associates,
  CAST(downline.newcomers + COALESCE(below.newcomers, 0) AS INT) AS newcomers,
  CAST(downline.active + COALESCE(below.active, 0) AS INT) AS active
FROM finance__downlines AS downline
LEFT JOIN below
  ON below.ancestor_id = downline.member_id
LEFT JOIN finance__downlines AS above
  ON above.member_id = downline.ancestor_id
