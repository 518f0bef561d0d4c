WITH due AS (
  SELECT
    inactive.member_id,
    CAST(:close_day + (
      COALESCE(market.notice_day, 1) - 1
    ) * INTERVAL '1' DAY AS DATE) AS notice_on,
    market.grace_days,
    COALESCE(market.first_flag_month, :first_flag_month) <= :close_month AS is_open
  FROM inactivity__inactive AS inactive
  LEFT JOIN book__markets AS market
    ON market.country = inactive.country
  ANTI JOIN inactivity__removed AS removed
    ON removed.member_id = inactive.member_id AND removed.close_month = :close_month
)
SELECT
  inactive.member_id,
  inactive.member_type,
  inactive.country,
  inactive.sponsor_id,
  inactive.enroller_id,
  inactive.last_activity_on,
  COALESCE(standing.flagged_on, CAST(:close_day AS DATE)) AS flagged_on,
  COALESCE(standing.notice_on, due.notice_on) AS notice_on,
  COALESCE(
    standing.deadline,
    CAST(due.notice_on + due.grace_days * INTERVAL '1' DAY AS DATE),
    LAST_DAY(due.notice_on)
  ) AS deadline,
  standing.member_id IS NULL AS new
FROM inactivity__inactive AS inactive
JOIN due
  ON due.member_id = inactive.member_id
LEFT JOIN inactivity__flagged AS standing
  ON standing.member_id = inactive.member_id
  AND standing.close_month = :previous_month
WHERE
  NOT standing.member_id IS NULL OR due.is_open
