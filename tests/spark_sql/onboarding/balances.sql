SELECT
  account_id,
  CAST(COALESCE(SUM(amount) FILTER(WHERE
    kind = 'top_up'), 0) AS DECIMAL(38, 2)) AS topped_up,
  CAST(COALESCE(SUM(amount) FILTER(WHERE
    kind = 'purchase'), 0) AS DECIMAL(38, 2)) AS invested,
  MAX(paid_on) FILTER(WHERE
    kind = 'top_up') AS last_top_up_on
FROM extracts__payments AS payments
WHERE
  paid_on <= :month_end
GROUP BY
  account_id
