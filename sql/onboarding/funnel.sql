-- One row per partner: how many of the accounts brought in have come how far, and how many need
-- help (contract 3; guide to a first investment).
-- grain: partner_id
-- report: by partner_id
select
    account.partner_id,
    cast(count(*) as integer) as registered,
    cast(count(account.verified_on) as integer) as verified,
    cast(count(balance.last_top_up_on) as integer) as funded,
    cast(count(*) filter (where account.invested > 0) as integer) as invested,
    cast(count(*) filter (where account.stage = 'paid_up') as integer) as paid_up,
    cast(count(account.help) as integer) as need_help,
from onboarding.accounts as account
left join onboarding.balances as balance on balance.account_id = account.account_id
where account.close_month = $close_month
group by account.partner_id
