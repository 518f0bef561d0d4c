SELECT
  assignment.order_id,
  assignment.member_id AS credited_member_id,
  moved.to_member_id AS moved_to_member_id,
  CASE
    WHEN NOT moved.order_id IS NULL
    THEN GREATEST(moved.requested_at, assignment.ordered_at)
  END AS moved_at,
  moved.close_month AS moved_month,
  COALESCE(moved.to_member_id, assignment.member_id) AS holder_id
FROM referral__assignments AS assignment
LEFT JOIN referral__reassignments AS moved
  ON moved.order_id = assignment.order_id AND moved.decision = 'accepted'
WHERE
  assignment.outcome = 'assigned'
