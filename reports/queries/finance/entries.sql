-- One row per kind of ledger entry and reason.
-- grain: entry, reason
select
    entry,
    coalesce(reason, '') as reason,
    count(*) as entries,
    sum(bv) as bv,
    sum(bv) as bar,
from finance.bv_ledger
where close_month = $month
group by entry, reason
order by entry, reason nulls first
