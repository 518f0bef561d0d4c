-- One row per removed member that is still in the extract.
-- grain: member_id
select member_id, removed_in
from inactivity.still_present
where close_month = $month
order by removed_in, member_id
