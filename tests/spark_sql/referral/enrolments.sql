WITH best_orders AS (
  SELECT
    buyer_id,
    MAX(net_bv) AS net_bv
  FROM referral__window_orders AS window_orders
  GROUP BY
    buyer_id
)
SELECT
  centre.seat_id,
  member.member_id
FROM extracts__members AS member
JOIN book__windows AS span
  ON span.month = :close_month
  AND member.enrolled_on >= span.qualification_start
  AND member.enrolled_on <= span.qualification_end
JOIN referral__centres AS centre
  ON centre.member_id = member.enroller_id
LEFT JOIN referral__centres AS own
  ON own.member_id = member.member_id
LEFT JOIN best_orders
  ON best_orders.buyer_id = member.member_id
WHERE
  COALESCE(own.seat_id, '') <> centre.seat_id
  AND COALESCE(member.business_id, '') <> centre.seat_id
  AND (
    :min_enrolment_order_bv = 0 OR best_orders.net_bv >= :min_enrolment_order_bv
  )
