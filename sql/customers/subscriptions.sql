-- One row per subscription: who looks after it and since when, and whether it runs at the month's
-- end (contract 2.8; article on adding customers).
-- grain: subscription_id
-- report: by subscription_id
select
    subscription.subscription_id,
    subscription.customer_email,
    consultant.consultant_id,
    consultant.tied_on,
    consultant.status,
    subscription.monthly_budget,
from extracts.subscriptions as subscription
join customers.consultants as consultant
    on consultant.subscription_id = subscription.subscription_id and consultant.day = $month_end
