SELECT
  kind,
  source_id,
  CAST(NULL AS STRING) AS seat_id,
  CAST(deal_no AS BIGINT) AS deal_no
FROM referral__turns AS turns
WHERE
  deal_no < 0
