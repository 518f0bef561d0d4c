WITH requests AS (
  SELECT
    request.order_id,
    request.requested_at,
    placed.ordered_at,
    request.member_id AS to_member_id,
    placed.channel,
    placed.bv,
    CASE placed.channel
      WHEN 'member'
      THEN placed.buyer_id
      WHEN 'sale'
      THEN placed.seller_id
      ELSE assignment.member_id
    END AS from_member_id,
    COALESCE(assignment.outcome = 'assigned', FALSE) AS is_assigned,
    asked.passed - ordered.passed AS business_days
  FROM extracts__reassignments AS request
  JOIN extracts__orders AS placed
    ON placed.order_id = request.order_id
  JOIN book__business_days AS ordered
    ON ordered.country = placed.country AND ordered.day = placed.ordered_on
  JOIN book__business_days AS asked
    ON asked.country = placed.country AND asked.day = request.requested_on
  LEFT JOIN referral__assignments AS assignment
    ON assignment.order_id = request.order_id
  WHERE
    request.posting_month = :close_month
), reversed_before AS (
  SELECT
    requests.order_id,
    SUM(reversal.bv) AS bv
  FROM requests
  JOIN extracts__reversals AS reversal
    ON reversal.order_id = requests.order_id
    AND (
      reversal.posting_month < :close_month
      OR (
        reversal.posting_month = :close_month
        AND GREATEST(reversal.reversed_at, requests.ordered_at) < GREATEST(requests.requested_at, requests.ordered_at)
      )
    )
  GROUP BY
    requests.order_id
), decided AS (
  SELECT
    requests.order_id,
    requests.bv - COALESCE(reversed_before.bv, 0) AS bv_left,
    CASE
      WHEN requests.channel <> 'retail'
      THEN 'not_retail'
      WHEN NOT requests.is_assigned
      THEN 'not_assigned'
      WHEN claimant.member_id IS NULL
      THEN 'not_associate'
      WHEN requests.business_days > :reassignment_business_days
      THEN 'too_late'
      WHEN requests.bv > 0 AND requests.bv = reversed_before.bv
      THEN 'reversed'
      ELSE 'accepted'
    END AS decision
  FROM requests
  LEFT JOIN reversed_before
    ON reversed_before.order_id = requests.order_id
  LEFT JOIN extracts__members AS claimant
    ON claimant.member_id = requests.to_member_id AND claimant.member_type = 'associate'
)
SELECT
  requests.order_id,
  requests.requested_at,
  requests.from_member_id,
  requests.to_member_id,
  requests.business_days,
  decided.decision,
  CAST(CASE WHEN decided.decision = 'accepted' THEN decided.bv_left ELSE 0 END AS DECIMAL(18, 2)) AS bv
FROM requests
JOIN decided
  ON decided.order_id = requests.order_id
