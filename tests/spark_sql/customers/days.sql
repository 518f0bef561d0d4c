SELECT
  CAST(:month_end AS DATE) AS day
UNION ALL
SELECT
  CAST(:month_start - INTERVAL '1' DAY AS DATE) AS day
WHERE
  :last_subscriptions_month IS NULL
