SELECT
  subscription.subscription_id,
  subscription.customer_email,
  consultant.consultant_id,
  consultant.tied_on,
  consultant.status,
  subscription.monthly_budget
FROM extracts__subscriptions AS subscription
JOIN customers__consultants AS consultant
  ON consultant.subscription_id = subscription.subscription_id
  AND consultant.day = :month_end
