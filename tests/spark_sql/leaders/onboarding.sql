SELECT
  partner_id AS leader_id,
  account_id,
  partner_id,
  stage,
  registered_on,
  verified_on,
  balance,
  invested,
  overdue,
  next_due_on,
  next_due_amount,
  help
FROM onboarding__accounts AS accounts
WHERE
  close_month = :close_month
