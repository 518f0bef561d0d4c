SELECT
  CAST(ROW_NUMBER() OVER (
    ORDER BY happened_at NULLS LAST, place NULLS LAST, source_id NULLS LAST, side NULLS LAST
  ) AS INT) AS posting_no,
  order_id,
  entry,
  source_id,
  member_id,
  CAST(bv AS DECIMAL(18, 2)) AS bv,
  event_date,
  SUBSTRING(CAST(event_date AS STRING), 1, 7) AS event_month,
  reason
FROM finance__entries AS entries
