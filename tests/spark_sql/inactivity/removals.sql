WITH remembered AS (
  SELECT
    member_id,
    removed_in,
    is_spent
  FROM inactivity__removals AS removals
  WHERE
    close_month = :last_inactivity_month
  UNION ALL
  SELECT
    member_id,
    close_month AS removed_in,
    FALSE AS is_spent
  FROM inactivity__removed AS removed
  WHERE
    close_month = :last_inactivity_month
), latest AS (
  SELECT
    member_id,
    removed_in,
    is_spent
  FROM (
    SELECT
      member_id,
      removed_in,
      is_spent,
      ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY removed_in DESC) AS _w
    FROM remembered
  ) AS _t
  WHERE
    _w = 1
)
SELECT
  latest.member_id,
  latest.removed_in,
  latest.is_spent
  OR COALESCE(
    activity.last_activity_on > LAST_DAY(CAST(CONCAT(COALESCE(latest.removed_in, ''), '-01') AS DATE)),
    FALSE
  ) AS is_spent
FROM latest
LEFT JOIN extracts__members AS member
  ON member.member_id = latest.member_id
LEFT JOIN inactivity__last_activity AS activity
  ON activity.member_id = member.member_id
