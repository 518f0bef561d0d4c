WITH belonging AS (
  SELECT
    order_id,
    party_id,
    channel,
    buyer_id,
    customer_email,
    bv,
    COALESCE(posting_month = :close_month, FALSE) AS is_news
  FROM extracts__orders AS orders
  WHERE
    ordered_on <= :month_end AND NOT party_id IS NULL
  UNION ALL
  SELECT
    placed.order_id,
    link.party_id,
    placed.channel,
    placed.buyer_id,
    placed.customer_email,
    placed.bv,
    COALESCE(placed.posting_month = :close_month, FALSE)
    OR COALESCE(link.posting_month = :close_month, FALSE) AS is_news
  FROM extracts__party_links AS link
  JOIN extracts__orders AS placed
    ON placed.order_id = link.order_id
  WHERE
    placed.ordered_on <= :month_end
    AND placed.party_id IS NULL
    AND link.linked_on <= :month_end
)
SELECT
  belonging.order_id,
  belonging.party_id,
  belonging.is_news,
  CASE
    WHEN belonging.channel = 'member'
    THEN belonging.buyer_id
    ELSE belonging.customer_email
  END AS customer,
  CAST(belonging.bv - COALESCE(reversed.bv, 0) AS DECIMAL(18, 2)) AS net_bv
FROM belonging
LEFT JOIN finance__reversed AS reversed
  ON reversed.order_id = belonging.order_id
