-- One row per status and currency of returns that were so at the last close already.
-- grain: listed_for, status, currency
-- Why they are listed: still open, or a refund not as due.
select listed_for, status, currency, count(*) as returns, min(requested_on) as oldest,
    sum(difference) as difference
from returns.decisions
where close_month = $month and listed_for <> 'changed'
group by listed_for, status, currency
order by listed_for, status, currency
