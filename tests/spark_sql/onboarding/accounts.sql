WITH figures AS (
  SELECT
    account.account_id,
    account.partner_id,
    account.registered_on,
    CASE WHEN account.verified_on <= :month_end THEN account.verified_on END AS verified_on,
    COALESCE(balance.topped_up, 0) - COALESCE(balance.invested, 0) AS balance,
    COALESCE(balance.invested, 0) AS invested,
    balance.last_top_up_on,
    COALESCE(due.overdue, 0) AS overdue,
    due.next_due_on,
    due.next_due_amount,
    COALESCE(due.is_paid_up, FALSE) AS is_paid_up
  FROM extracts__accounts AS account
  LEFT JOIN onboarding__balances AS balance
    ON balance.account_id = account.account_id
  LEFT JOIN onboarding__dues AS due
    ON due.account_id = account.account_id
  WHERE
    account.registered_on <= :month_end
), needs AS (
  SELECT
    account_id,
    SUBSTRING(
      CONCAT(
        COALESCE(
          CASE
            WHEN verified_on IS NULL AND DATEDIFF(DAY, registered_on, :month_end) > :verify_days
            THEN ';not_verified'
            ELSE ''
          END,
          ''
        ),
        COALESCE(
          CASE
            WHEN balance > 0
            AND invested = 0
            AND DATEDIFF(DAY, last_top_up_on, :month_end) > :idle_days
            THEN ';balance_idle'
            ELSE ''
          END,
          ''
        ),
        COALESCE(CASE WHEN overdue > 0 THEN ';instalment_overdue' ELSE '' END, '')
      ),
      2
    ) AS help
  FROM figures
)
SELECT
  figures.account_id,
  figures.partner_id,
  CASE
    WHEN figures.is_paid_up
    THEN 'paid_up'
    WHEN figures.invested > 0
    THEN 'invested'
    WHEN figures.balance > 0
    THEN 'funded'
    WHEN NOT figures.verified_on IS NULL
    THEN 'verified'
    ELSE 'registered'
  END AS stage,
  figures.registered_on,
  figures.verified_on,
  CAST(figures.balance AS DECIMAL(38, 2)) AS balance,
  CAST(figures.invested AS DECIMAL(38, 2)) AS invested,
  CAST(figures.overdue AS DECIMAL(38, 2)) AS overdue,
  figures.next_due_on,
  figures.next_due_amount,
  NULLIF(needs.help, '') AS help
FROM figures
JOIN needs
  ON needs.account_id = figures.account_id
