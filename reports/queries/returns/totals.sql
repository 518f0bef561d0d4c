-- One row per month: returns and refunds in all.
-- grain: the month
-- New ones have another status than at the last close.
select
    count(*) as returns,
    count(*) filter (where listed_for = 'changed') as new_returns,
    count(*) filter (where listed_for = 'open') as open_before,
    count(*) filter (where listed_for = 'unsettled') as unsettled,
    count(*) filter (where status in ('requested', 'awaiting_goods')) as still_open,
    count(*) filter (where difference <> 0) as differences,
    (select count(*) from returns.unmatched where close_month = $month) as unmatched,
from returns.decisions
where close_month = $month
