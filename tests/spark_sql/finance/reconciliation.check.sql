SELECT
  'difference' AS broken,
  net - house_net - volume_total AS bv
FROM finance__totals AS totals
WHERE
  net - house_net - volume_total <> 0
UNION ALL
SELECT
  'orders_posted - credits' AS broken,
  orders_posted - credits AS bv
FROM finance__totals AS totals
WHERE
  orders_posted <> credits
UNION ALL
SELECT
  'reversals_posted + reversals' AS broken,
  reversals_posted + reversals AS bv
FROM finance__totals AS totals
WHERE
  reversals_posted + reversals <> 0
UNION ALL
SELECT
  'transfers' AS broken,
  transfers AS bv
FROM finance__totals AS totals
WHERE
  transfers <> 0
