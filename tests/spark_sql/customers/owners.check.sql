SELECT
  MIN(owner_id) AS first_owner_id,
  MAX(owner_id) AS last_owner_id,
  COUNT(*) AS owners
FROM customers__owners AS owners
WHERE
  close_month = :close_month
GROUP BY
  customer_email
HAVING
  COUNT(*) > 1
