-- One row per document, account and currency of the journal: its lines, what is debited, credited.
-- grain: document, account, currency
select document, account, currency, count(*) as lines, count(party_id) as parties,
    coalesce(sum(debit), 0) as debit, coalesce(sum(credit), 0) as credit
from finance.journal
where close_month = $month
group by document, account, currency
order by document, currency, debit desc, account
