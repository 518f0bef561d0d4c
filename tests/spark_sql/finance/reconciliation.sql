SELECT
  'orders_posted' AS line,
  orders_posted AS bv,
  1 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'credits' AS line,
  credits AS bv,
  2 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'house_credits' AS line,
  house_credits AS bv,
  3 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'transfers' AS line,
  transfers AS bv,
  4 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'reversals_posted' AS line,
  reversals_posted AS bv,
  5 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'reversals' AS line,
  reversals AS bv,
  6 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'net' AS line,
  net AS bv,
  7 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'house_net' AS line,
  house_net AS bv,
  8 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'volume_total' AS line,
  volume_total AS bv,
  9 AS place
FROM finance__totals AS totals
UNION ALL
SELECT
  'difference' AS line,
  CAST(net - house_net - volume_total AS DECIMAL(38, 2)) AS bv,
  10 AS place
FROM finance__totals AS totals
