SELECT
  leader_id,
  COALESCE(customer_email, order_id) AS person,
  contact_on,
  MAX(customer_name) AS customer_name,
  MAX(customer_email) AS customer_email,
  MAX(customer_phone) AS customer_phone,
  MIN(ordered_at) AS ordered_at,
  MIN(contact_by) AS contact_by,
  CAST(SUM(bv) AS DECIMAL(38, 2)) AS bv,
  LISTAGG(order_id, ', ') WITHIN GROUP (ORDER BY
    order_id NULLS LAST) AS orders,
  MAX(CASE WHEN is_moved THEN 1 ELSE 0 END) = 1 AS is_moved,
  CASE
    WHEN MAX(CASE WHEN contact_opt_out THEN 1 ELSE 0 END) = 1
    THEN 'barred'
    WHEN contact_on <= :month_end
    THEN 'past'
    ELSE 'open'
  END AS state
FROM leaders__referrals AS referrals
GROUP BY
  leader_id,
  COALESCE(customer_email, order_id),
  contact_on
