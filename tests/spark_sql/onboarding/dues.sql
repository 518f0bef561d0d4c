WITH sums AS (
  SELECT
    account_id,
    SUM(overdue_cents) AS overdue_cents,
    MIN(next_due_on) AS next_due_on,
    COUNT(*) FILTER(WHERE
      NOT is_paid_up) = 0 AS is_paid_up
  FROM onboarding__plans AS plans
  GROUP BY
    account_id
), nearest AS (
  SELECT
    sums.account_id,
    SUM(plan.next_due_cents) AS cents
  FROM sums
  JOIN onboarding__plans AS plan
    ON plan.account_id = sums.account_id AND plan.next_due_on = sums.next_due_on
  GROUP BY
    sums.account_id
)
SELECT
  sums.account_id,
  sums.is_paid_up,
  CAST(CAST(sums.overdue_cents AS DECIMAL(38, 0)) * 0.01 AS DECIMAL(38, 2)) AS overdue,
  sums.next_due_on,
  CAST(CAST(nearest.cents AS DECIMAL(38, 0)) * 0.01 AS DECIMAL(38, 2)) AS next_due_amount
FROM sums
LEFT JOIN nearest
  ON nearest.account_id = sums.account_id
