-- One row per amount that the month's journal books from one account to another, before it becomes
-- lines: each consultant's commissions, and by currency what is due of refunds and not made, less
-- the same at the last close that journalised it (contract 2.10).
-- grain: document, currency, party_id
-- section: journal
-- keep: this month
with
refunds_due as (
    select
        currency,
        difference as amount,
    from returns.decisions
    where close_month = $close_month and difference > 0
    union all
    select
        currency,
        -difference as amount,
    from returns.decisions
    where close_month = $last_journalised_refunds_month and difference > 0
),

changes as (
    select
        currency,
        sum(amount) as amount,
    from refunds_due
    group by currency
    having sum(amount) <> 0
)

select
    1 as place,
    concat($close_month, '-commissions') as document,
    cast($commission_expense as varchar) as debit_account,
    cast($commission_payable as varchar) as credit_account,
    cast($company_currency as varchar) as currency,
    consultant_id as party_id,
    cast(sum(commission) as decimal(38, 2)) as amount,
from finance.subscription_commissions
where close_month = $close_month
group by consultant_id
having sum(commission) > 0
union all
select
    2 as place,
    concat($close_month, '-refunds') as document,
    cast(
        case when amount > 0 then $refund_expense else $refund_payable end as varchar
    ) as debit_account,
    cast(
        case when amount > 0 then $refund_payable else $refund_expense end as varchar
    ) as credit_account,
    currency,
    cast(null as varchar) as party_id,
    cast(case when amount > 0 then amount else -amount end as decimal(38, 2)) as amount,
from changes
