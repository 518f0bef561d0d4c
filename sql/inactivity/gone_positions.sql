-- One row per position that is no longer there: removed by this close, or still present after an
-- earlier one, and the sponsor it had (contract 2.6; contract 4, explain).
-- grain: member_id
select
    member_id,
    sponsor_id,
from inactivity.removed
where close_month = $close_month
union all
select
    present.member_id,
    member.sponsor_id,
from inactivity.still_present as present
join extracts.members as member on member.member_id = present.member_id
where present.close_month = $close_month
