WITH sides AS (
  SELECT
    place,
    document,
    currency,
    1 AS side,
    debit_account AS account,
    CAST(NULL AS STRING) AS party_id,
    SUM(amount) AS debit,
    CAST(NULL AS DECIMAL(38, 2)) AS credit
  FROM finance__journal_amounts AS journal_amounts
  GROUP BY
    place,
    document,
    currency,
    debit_account
  UNION ALL
  SELECT
    place,
    document,
    currency,
    2 AS side,
    credit_account AS account,
    party_id,
    CAST(NULL AS DECIMAL(38, 2)) AS debit,
    amount AS credit
  FROM finance__journal_amounts AS journal_amounts
)
SELECT
  CAST(ROW_NUMBER() OVER (ORDER BY place NULLS LAST, currency NULLS LAST, side NULLS LAST, party_id) AS INT) AS line_no,
  CAST(:month_end AS DATE) AS date,
  document,
  account,
  party_id,
  currency,
  CAST(debit AS DECIMAL(38, 2)) AS debit,
  CAST(credit AS DECIMAL(38, 2)) AS credit
FROM sides
