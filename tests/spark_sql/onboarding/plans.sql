WITH paid AS (
  SELECT
    plan_id,
    account_id,
    CAST(SUM(amount) * 100 AS DECIMAL(38, 0)) AS cents
  FROM extracts__payments AS payments
  WHERE
    kind = 'purchase' AND paid_on <= :month_end
  GROUP BY
    plan_id,
    account_id
), priced AS (
  SELECT
    plan.plan_id,
    plan.account_id,
    plan.first_due_on,
    plan.instalments,
    CAST(plan.price * 100 AS BIGINT) AS price_cents,
    CAST((
      CAST(CAST(plan.price * 100 AS BIGINT) AS DECIMAL(38, 0)) - CAST(CAST(plan.price * 100 AS BIGINT) AS DECIMAL(38, 0)) % CAST(plan.instalments AS DECIMAL(38, 0))
    ) / CAST(plan.instalments AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS instalment_cents,
    COALESCE(paid.cents, 0) AS paid_cents,
    GREATEST(
      0,
      LEAST(
        plan.instalments,
        (
          YEAR(:month_end) - YEAR(plan.first_due_on)
        ) * 12 + MONTH(:month_end) - MONTH(plan.first_due_on) + 1
      )
    ) AS due_count
  FROM extracts__plans AS plan
  LEFT JOIN paid
    ON paid.plan_id = plan.plan_id AND paid.account_id = plan.account_id
), placed AS (
  SELECT
    plan_id,
    CASE
      WHEN due_count = instalments OR paid_cents >= price_cents
      THEN NULL
      WHEN instalment_cents = 0
      THEN instalments
      ELSE CAST(LEAST(
        instalments,
        GREATEST(
          due_count,
          CAST((
            CAST(paid_cents AS DECIMAL(38, 0)) - CAST(paid_cents AS DECIMAL(38, 0)) % CAST(instalment_cents AS DECIMAL(38, 0))
          ) / CAST(instalment_cents AS DECIMAL(38, 0)) AS DECIMAL(38, 0))
        ) + 1
      ) AS INT)
    END AS next_no
  FROM priced
), dated AS (
  SELECT
    priced.plan_id,
    placed.next_no,
    CASE
      WHEN priced.due_count = priced.instalments
      THEN priced.price_cents
      ELSE priced.due_count * priced.instalment_cents
    END AS due_cents,
    (
      placed.next_no - 1
    ) * priced.instalment_cents AS before_cents,
    CASE
      WHEN placed.next_no = priced.instalments
      THEN priced.price_cents
      ELSE placed.next_no * priced.instalment_cents
    END AS next_cents
  FROM priced
  JOIN placed
    ON placed.plan_id = priced.plan_id
)
SELECT
  priced.plan_id,
  priced.account_id,
  priced.paid_cents >= priced.price_cents AS is_paid_up,
  CAST(GREATEST(0, dated.due_cents - priced.paid_cents) AS BIGINT) AS overdue_cents,
  CAST(priced.first_due_on + (
    dated.next_no - 1
  ) * INTERVAL '1' MONTH AS DATE) AS next_due_on,
  CAST(dated.next_cents - GREATEST(dated.before_cents, priced.paid_cents) AS BIGINT) AS next_due_cents
FROM priced
JOIN dated
  ON dated.plan_id = priced.plan_id
