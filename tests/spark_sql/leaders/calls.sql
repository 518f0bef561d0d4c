WITH asked AS (
  SELECT
    task.leader_id,
    task.customer_email,
    task.due_to,
    task.order_id,
    MAX(task.due_from) AS due_from,
    MAX(task.customer_name) AS customer_name,
    MAX(task.customer_phone) AS customer_phone,
    MAX(CASE WHEN task.task = 'contact' THEN ';contact' ELSE '' END) AS contact,
    MAX(CASE WHEN task.task = 'arrival' THEN ';arrival' ELSE '' END) AS arrival,
    MAX(CASE WHEN task.task = 'check_in' THEN ';check_in' ELSE '' END) AS check_in
  FROM leaders__follow_ups AS task
  LEFT JOIN leaders__referrals AS came
    ON came.order_id = task.order_id AND came.leader_id = task.leader_id
  WHERE
    task.task <> 'contact' OR came.order_id IS NULL
  GROUP BY
    task.leader_id,
    task.customer_email,
    task.due_to,
    task.order_id
)
SELECT
  leader_id,
  customer_email,
  due_to,
  MAX(due_from) AS due_from,
  MAX(customer_name) AS customer_name,
  MAX(customer_phone) AS customer_phone,
  SUBSTRING(
    CONCAT(COALESCE(MAX(contact), ''), COALESCE(MAX(arrival), ''), COALESCE(MAX(check_in), '')),
    2
  ) AS tasks,
  LISTAGG(order_id, ', ') WITHIN GROUP (ORDER BY
    order_id NULLS LAST) AS orders,
  due_to <= :month_end AS is_past
FROM asked
GROUP BY
  leader_id,
  customer_email,
  due_to
