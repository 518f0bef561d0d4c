WITH rated AS (
  SELECT
    billing.billing_id,
    billing.subscription_id,
    consultant.consultant_id,
    billing.billed_on,
    billing.amount,
    CAST(CASE
      WHEN billing.billed_on < CAST(subscription.started_on + INTERVAL '1' MONTH AS DATE)
      THEN :first_month_rate
      ELSE :rate
    END AS DECIMAL(18, 4)) AS rate
  FROM extracts__billings AS billing
  JOIN extracts__subscriptions AS subscription
    ON subscription.subscription_id = billing.subscription_id
  JOIN customers__consultants AS consultant
    ON consultant.subscription_id = billing.subscription_id
    AND consultant.day = billing.billed_on
  WHERE
    billing.posting_month = :close_month
), counted AS (
  SELECT
    billing_id,
    CASE
      WHEN consultant_id IS NULL
      THEN 0
      ELSE (
        2 * CAST(amount * 100 AS BIGINT) * CAST(rate * 10000 AS BIGINT) + 10000
      ) DIV 20000
    END AS commission_cents
  FROM rated
)
SELECT
  rated.billing_id,
  rated.subscription_id,
  rated.consultant_id,
  rated.billed_on,
  rated.amount,
  rated.rate,
  CAST(CAST(counted.commission_cents AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2)) AS commission
FROM rated
JOIN counted
  ON counted.billing_id = rated.billing_id
