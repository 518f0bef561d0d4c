-- One row per earlier month whose documents post in this one.
-- grain: event_month
select
    event_month,
    count(*) filter (where entry = 'credit') as credits,
    count(*) filter (where entry = 'reversal') as reversals,
    count(*) filter (where entry = 'transfer') as transfers,
    sum(bv) as bv,
from finance.bv_ledger
where close_month = $month and event_month < $month
group by event_month
order by event_month desc
