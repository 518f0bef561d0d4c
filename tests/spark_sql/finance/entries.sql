WITH credits AS (
  SELECT
    placed.ordered_at AS happened_at,
    1 AS place,
    1 AS side,
    placed.order_id,
    'credit' AS entry,
    placed.order_id AS source_id,
    CASE placed.channel
      WHEN 'member'
      THEN placed.buyer_id
      WHEN 'sale'
      THEN placed.seller_id
      ELSE assignment.member_id
    END AS member_id,
    placed.bv,
    placed.ordered_on AS event_date,
    CASE
      WHEN placed.channel = 'retail' AND assignment.member_id IS NULL
      THEN COALESCE(assignment.outcome, 'outside_countries')
    END AS reason
  FROM extracts__orders AS placed
  LEFT JOIN referral__assignments AS assignment
    ON assignment.order_id = placed.order_id
  WHERE
    placed.posting_month = :close_month
), transfers AS (
  SELECT
    GREATEST(requested.requested_at, placed.ordered_at) AS happened_at,
    2 AS place,
    line.side,
    moved.order_id,
    'transfer' AS entry,
    moved.order_id AS source_id,
    CASE WHEN line.side = 1 THEN moved.from_member_id ELSE moved.to_member_id END AS member_id,
    CASE WHEN line.side = 1 THEN -moved.bv ELSE moved.bv END AS bv,
    requested.requested_on AS event_date,
    CAST(NULL AS STRING) AS reason
  FROM referral__reassignments AS moved
  JOIN extracts__reassignments AS requested
    ON requested.order_id = moved.order_id
  JOIN extracts__orders AS placed
    ON placed.order_id = moved.order_id
  CROSS JOIN (
    SELECT
      1 AS side
    UNION ALL
    SELECT
      2 AS side
  ) AS line
  WHERE
    moved.close_month = :close_month AND moved.decision = 'accepted'
), reversals AS (
  SELECT
    GREATEST(reversal.reversed_at, placed.ordered_at) AS happened_at,
    3 AS place,
    1 AS side,
    reversal.order_id,
    'reversal' AS entry,
    reversal.reversal_id AS source_id,
    CASE
      WHEN placed.channel = 'member'
      THEN placed.buyer_id
      WHEN placed.channel = 'sale'
      THEN placed.seller_id
      WHEN holder.moved_month < :close_month
      OR holder.moved_at <= GREATEST(reversal.reversed_at, placed.ordered_at)
      THEN holder.moved_to_member_id
      ELSE holder.credited_member_id
    END AS member_id,
    -reversal.bv AS bv,
    reversal.reversed_on AS event_date,
    reversal.kind AS reason
  FROM extracts__reversals AS reversal
  JOIN extracts__orders AS placed
    ON placed.order_id = reversal.order_id
  LEFT JOIN finance__holders AS holder
    ON holder.order_id = reversal.order_id
  WHERE
    reversal.posting_month = :close_month
)
SELECT
  happened_at,
  place,
  side,
  order_id,
  entry,
  source_id,
  member_id,
  bv,
  event_date,
  reason
FROM credits
UNION ALL
SELECT
  happened_at,
  place,
  side,
  order_id,
  entry,
  source_id,
  member_id,
  bv,
  event_date,
  reason
FROM transfers
UNION ALL
SELECT
  happened_at,
  place,
  side,
  order_id,
  entry,
  source_id,
  member_id,
  bv,
  event_date,
  reason
FROM reversals
