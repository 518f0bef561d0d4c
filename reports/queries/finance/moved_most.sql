-- One row per holder whose net BV is another than the month before, the largest change first.
-- grain: holder
with
holders as (
    select
        coalesce(member_id, 'the house') as holder,
        coalesce(sum(net_bv) filter (where close_month = $before), 0) as bv_before,
        coalesce(sum(net_bv) filter (where close_month = $month), 0) as bv_now,
    from finance.statements
    where close_month in ($before, $month)
    group by holder
)

select holder, bv_before, bv_now, bv_now - bv_before as change
from holders
where bv_now <> bv_before
order by abs(bv_now - bv_before) desc, holder
