SELECT
  earned.consultant_id AS leader_id,
  earned.billing_id,
  earned.subscription_id,
  subscription.customer_email,
  earned.billed_on,
  earned.amount,
  earned.rate,
  earned.commission
FROM finance__subscription_commissions AS earned
JOIN extracts__subscriptions AS subscription
  ON subscription.subscription_id = earned.subscription_id
WHERE
  earned.close_month = :close_month AND NOT earned.consultant_id IS NULL
