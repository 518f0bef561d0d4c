-- One row per holder whose net BV is another than the month before, the largest change first.
select
    coalesce(current.member_id, earlier.member_id, 'the house') as holder,
    coalesce(earlier.net_bv, 0) as bv_before,
    coalesce(current.net_bv, 0) as bv_now,
    coalesce(current.net_bv, 0) - coalesce(earlier.net_bv, 0) as change,
from (from finance.statements where close_month = $month) as current
full join (from finance.statements where close_month = $before) as earlier
    on earlier.member_id is not distinct from current.member_id
where coalesce(current.net_bv, 0) <> coalesce(earlier.net_bv, 0)
order by abs(change) desc, holder
