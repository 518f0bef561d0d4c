-- One row per account: the month's onboarding, for the pack of the partner who brought its customer
-- (contract 3, leaders' packs; guide to a first investment: go through the steps together).
-- grain: account_id
-- keep: this month
-- unprinted: leader_id
select
    partner_id as leader_id,
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
    help,
from onboarding.accounts
where close_month = $close_month
