-- One row per status and currency of returns that were so at the last close already.
-- grain: listed_for, status, currency
-- Why they are listed: still open, or a refund not as due.
select case when listed_for = 'open' then 'still_open' else 'not_settled' end as listed_for,
    status, currency, count(*) as returns, min(requested_on) as oldest,
    sum(difference) as difference
from returns.decisions
where close_month = $month and listed_for <> 'changed'
group by listed_for, status, currency
order by listed_for desc, status, currency
