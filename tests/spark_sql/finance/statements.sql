SELECT
  member_id,
  CAST(COALESCE(SUM(bv) FILTER(WHERE
    entry = 'credit'), 0) AS DECIMAL(38, 2)) AS credits,
  CAST(COALESCE(SUM(bv) FILTER(WHERE
    entry = 'transfer'), 0) AS DECIMAL(38, 2)) AS transfers,
  CAST(COALESCE(SUM(bv) FILTER(WHERE
    entry = 'reversal'), 0) AS DECIMAL(38, 2)) AS reversals,
  CAST(SUM(bv) AS DECIMAL(38, 2)) AS net_bv
FROM finance__bv_ledger AS bv_ledger
WHERE
  close_month = :close_month
GROUP BY
  member_id
