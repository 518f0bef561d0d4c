-- One row per member whose line the compression changed, the largest change first.
-- grain: member_id
select member_id, legs_before, legs_after, payline_bv_before, payline_bv_after,
    payline_bv_after - payline_bv_before as change
from inactivity.effect
where close_month = $month
order by abs(change) desc, abs(legs_after - legs_before) desc, member_id
