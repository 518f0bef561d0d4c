-- One row per account registered by the month's end: how far its customer has come, and what help
-- is needed (contract 2.9; guide to a first investment: registered is not verified, topped up is
-- not invested, later instalments are not taken by themselves).
-- grain: account_id
-- report: by account_id
with
figures as (
    select
        account.account_id,
        account.partner_id,
        account.registered_on,
        case when account.verified_on <= $month_end then account.verified_on end as verified_on,
        coalesce(balance.topped_up, 0) - coalesce(balance.invested, 0) as balance,
        coalesce(balance.invested, 0) as invested,
        balance.last_top_up_on,
        coalesce(due.overdue, 0) as overdue,
        due.next_due_on,
        due.next_due_amount,
        coalesce(due.is_paid_up, false) as is_paid_up,
    from extracts.accounts as account
    left join onboarding.balances as balance on balance.account_id = account.account_id
    left join onboarding.dues as due on due.account_id = account.account_id
    where account.registered_on <= $month_end
),

needs as (
    select
        account_id,
        substr(concat(
            case
                when
                    verified_on is null
                    and date_diff('day', registered_on, $month_end) > $verify_days
                    then ';not_verified'
                else ''
            end,
            case
                when
                    balance > 0
                    and invested = 0
                    and date_diff('day', last_top_up_on, $month_end) > $idle_days
                    then ';balance_idle'
                else ''
            end,
            case when overdue > 0 then ';instalment_overdue' else '' end
        ), 2) as help,
    from figures
)

select
    figures.account_id,
    figures.partner_id,
    case
        when figures.is_paid_up then 'paid_up'
        when figures.invested > 0 then 'invested'
        when figures.balance > 0 then 'funded'
        when figures.verified_on is not null then 'verified'
        else 'registered'
    end as stage,
    figures.registered_on,
    figures.verified_on,
    cast(figures.balance as decimal(38, 2)) as balance,
    cast(figures.invested as decimal(38, 2)) as invested,
    cast(figures.overdue as decimal(38, 2)) as overdue,
    figures.next_due_on,
    figures.next_due_amount,
    nullif(needs.help, '') as help,
from figures
join needs on needs.account_id = figures.account_id
