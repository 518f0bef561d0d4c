-- One row per account with an overdue instalment, the largest first.
-- grain: account_id
select account_id, partner_id, stage, balance, invested, overdue, overdue as bar, next_due_on,
    next_due_amount
from onboarding.accounts
where close_month = $month and overdue > 0
order by overdue desc, account_id
