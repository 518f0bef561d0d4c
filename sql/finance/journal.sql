-- One row per line of the month's journal: in each document the debit of a currency's sum, then its
-- credits, by consultant where the money is owed to one (contract 2.10).
-- grain: line_no
-- section: journal
-- report: by line_no
with
sides as (
    select
        place,
        document,
        currency,
        1 as side,
        debit_account as account,
        cast(null as varchar) as party_id,
        sum(amount) as debit,
        cast(null as decimal(38, 2)) as credit,
    from finance.journal_amounts
    group by place, document, currency, debit_account
    union all
    select
        place,
        document,
        currency,
        2 as side,
        credit_account as account,
        party_id,
        cast(null as decimal(38, 2)) as debit,
        amount as credit,
    from finance.journal_amounts
)

select
    cast(
        row_number() over (order by place, currency, side, party_id nulls first) as integer
    ) as line_no,
    cast($month_end as date) as date,
    document,
    account,
    party_id,
    currency,
    cast(debit as decimal(38, 2)) as debit,
    cast(credit as decimal(38, 2)) as credit,
from sides
