WITH services AS (
  SELECT
    kind,
    seat_id,
    deal_no
  FROM referral__queue AS queue
  WHERE
    close_month = :last_referral_month
  UNION ALL
  SELECT
    kind,
    seat_id,
    deal_no
  FROM referral__deals AS deals
  WHERE
    close_month = :close_month
)
SELECT
  kind,
  seat_id,
  MAX(deal_no) AS deal_no
FROM services
GROUP BY
  kind,
  seat_id
