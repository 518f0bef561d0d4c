SELECT
  holder.holder_id AS leader_id,
  placed.order_id,
  placed.ordered_at,
  CASE WHEN NOT COALESCE(placed.contact_opt_out, FALSE) THEN placed.customer_name END AS customer_name,
  CASE
    WHEN NOT COALESCE(placed.contact_opt_out, FALSE)
    THEN placed.customer_email
  END AS customer_email,
  CASE
    WHEN NOT COALESCE(placed.contact_opt_out, FALSE)
    THEN placed.customer_phone
  END AS customer_phone,
  placed.bv,
  assignment.contact_by,
  COALESCE(placed.contact_opt_out, FALSE) AS contact_opt_out,
  NOT holder.moved_month IS NULL AS is_moved,
  CAST(assignment.contact_by + clock.offset_seconds * INTERVAL '1' SECOND AS DATE) AS contact_on
FROM finance__holders AS holder
JOIN referral__assignments AS assignment
  ON assignment.order_id = holder.order_id
JOIN extracts__orders AS placed
  ON placed.order_id = holder.order_id
LEFT JOIN book__clock AS clock
  ON assignment.contact_by >= clock.from_at AND assignment.contact_by < clock.to_at
WHERE
  assignment.close_month = :close_month OR holder.moved_month = :close_month
