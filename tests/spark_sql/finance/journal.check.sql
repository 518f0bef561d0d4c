SELECT
  document,
  currency,
  SUM(debit) AS debit,
  SUM(credit) AS credit
FROM finance__journal AS journal
WHERE
  close_month = :close_month
GROUP BY
  document,
  currency
HAVING
  SUM(debit) <> SUM(credit) OR SUM(debit) IS NULL OR SUM(credit) IS NULL
