WITH refunds_due AS (
  SELECT
    currency,
    difference AS amount
  FROM returns__decisions AS decisions
  WHERE
    close_month = :close_month AND difference > 0
  UNION ALL
  SELECT
    currency,
    -difference AS amount
  FROM returns__decisions AS decisions
  WHERE
    close_month = :last_journalised_refunds_month AND difference > 0
), changes AS (
  SELECT
    currency,
    SUM(amount) AS amount
  FROM refunds_due
  GROUP BY
    currency
  HAVING
    SUM(amount) <> 0
)
SELECT
  1 AS place,
  CONCAT(COALESCE(:close_month, ''), '-commissions') AS document,
  CAST(:commission_expense AS STRING) AS debit_account,
  CAST(:commission_payable AS STRING) AS credit_account,
  CAST(:company_currency AS STRING) AS currency,
  consultant_id AS party_id,
  CAST(SUM(commission) AS DECIMAL(38, 2)) AS amount
FROM finance__subscription_commissions AS subscription_commissions
WHERE
  close_month = :close_month
GROUP BY
  consultant_id
HAVING
  SUM(commission) > 0
UNION ALL
SELECT
  2 AS place,
  CONCAT(COALESCE(:close_month, ''), '-refunds') AS document,
  CAST(CASE WHEN amount > 0 THEN :refund_expense ELSE :refund_payable END AS STRING) AS debit_account,
  CAST(CASE WHEN amount > 0 THEN :refund_payable ELSE :refund_expense END AS STRING) AS credit_account,
  currency,
  CAST(NULL AS STRING) AS party_id,
  CAST(CASE WHEN amount > 0 THEN amount ELSE -amount END AS DECIMAL(38, 2)) AS amount
FROM changes
