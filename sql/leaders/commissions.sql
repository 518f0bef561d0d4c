-- One row per billing that pays a consultant a commission: the month's commissions, for the
-- consultant's own pack, and whose subscription it is (contract 3, leaders' packs).
-- grain: billing_id
-- keep: this month
-- unprinted: leader_id
select
    earned.consultant_id as leader_id,
    earned.billing_id,
    earned.subscription_id,
    subscription.customer_email,
    earned.billed_on,
    earned.amount,
    earned.rate,
    earned.commission,
from finance.subscription_commissions as earned
join extracts.subscriptions as subscription
    on subscription.subscription_id = earned.subscription_id
where earned.close_month = $close_month and earned.consultant_id is not null
