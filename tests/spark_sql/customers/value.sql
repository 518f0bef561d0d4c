SELECT
  owner_id,
  CAST(COUNT(*) AS INT) AS customers,
  CAST(COUNT(*) FILTER(WHERE
    orders >= 2) AS INT) AS repeat_customers,
  CAST(COUNT(*) FILTER(WHERE
    last_order_on >= CAST(:month_end - :retained_days * INTERVAL '1' DAY AS DATE)) AS INT) AS retained,
  CAST(SUM(orders) AS INT) AS orders,
  CAST(SUM(net_bv) AS DECIMAL(38, 2)) AS net_bv
FROM customers__owners AS owners
WHERE
  close_month = :close_month
GROUP BY
  owner_id
