WITH previous AS (
  SELECT
    ran_id,
    status,
    status_reason,
    remedy
  FROM returns__statuses AS statuses
  WHERE
    close_month = :last_returns_month
  UNION ALL
  SELECT
    ran_id,
    status,
    status_reason,
    remedy
  FROM returns__judgements AS judgements
  WHERE
    day < :month_start
)
SELECT
  judged.ran_id,
  judged.order_id,
  judged.requested_on,
  judged.status,
  judged.status_reason,
  judged.remedy,
  previous.ran_id IS NULL AS is_news
FROM returns__judgements AS judged
LEFT JOIN previous
  ON previous.ran_id = judged.ran_id
  AND previous.status = judged.status
  AND COALESCE(previous.status_reason, '') = COALESCE(judged.status_reason, '')
  AND COALESCE(previous.remedy, '') = COALESCE(judged.remedy, '')
WHERE
  judged.day = :month_end
