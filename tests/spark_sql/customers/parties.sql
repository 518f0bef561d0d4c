WITH known AS (
  SELECT
    party_id,
    MIN(drop_month) AS first_month
  FROM drops__parties AS parties
  GROUP BY
    party_id
), ordered AS (
  SELECT
    party_id,
    COUNT(*) AS orders,
    COUNT(DISTINCT customer) AS customers,
    SUM(net_bv) AS net_bv,
    COUNT(*) FILTER(WHERE
      is_news) > 0 AS is_news
  FROM customers__party_orders AS party_orders
  GROUP BY
    party_id
)
SELECT
  party.party_id,
  party.consultant_id,
  party.held_on,
  CAST(COALESCE(ordered.orders, 0) AS INT) AS orders,
  CAST(COALESCE(ordered.customers, 0) AS INT) AS customers,
  CAST(COALESCE(ordered.net_bv, 0) AS DECIMAL(38, 2)) AS net_bv
FROM extracts__parties AS party
JOIN known
  ON known.party_id = party.party_id
LEFT JOIN ordered
  ON ordered.party_id = party.party_id
WHERE
  COALESCE(ordered.is_news, FALSE)
  OR (
    GREATEST(SUBSTRING(CAST(party.held_on AS STRING), 1, 7), known.first_month) = :close_month
    AND SUBSTRING(CAST(party.held_on AS STRING), 1, 7) >= :opening_month
  )
