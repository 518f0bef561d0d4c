-- One row per month: returns and refunds in all.
-- grain: the month
select
    count(*) as returns,
    count(*) filter (where status in ('requested', 'awaiting_goods')) as still_open,
    count(*) filter (where difference <> 0) as differences,
    (select count(*) from returns.unmatched where close_month = $month) as unmatched,
from returns.decisions
where close_month = $month
