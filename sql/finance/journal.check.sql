-- Each document of the journal must balance in each currency (contract 2.10).
select
    document,
    currency,
    sum(debit) as debit,
    sum(credit) as credit,
from finance.journal
where close_month = $close_month
group by document, currency
having sum(debit) <> sum(credit) or sum(debit) is null or sum(credit) is null
