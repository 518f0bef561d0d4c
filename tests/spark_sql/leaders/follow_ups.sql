SELECT
  call.representative_id AS leader_id,
  call.representative_id,
  call.order_id,
  call.customer_email,
  call.task,
  call.due_from,
  call.due_to,
  placed.customer_name,
  placed.customer_phone,
  call.due_to <= :month_end AS is_past
FROM returns__follow_ups AS call
JOIN extracts__orders AS placed
  ON placed.order_id = call.order_id
WHERE
  call.close_month = :close_month
