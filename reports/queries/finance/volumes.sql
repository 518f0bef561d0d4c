-- One row per member with volume, the largest group first.
-- grain: member_id
select member_id, personal_bv, group_bv, payline_bv, group_bv as bar
from finance.volume
where close_month = $month
order by group_bv desc, member_id
