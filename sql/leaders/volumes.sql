-- One row per recipient of a pack and month with volume, of the last twelve: what the page's lines
-- go through (contract 2.5).
-- grain: leader_id, month
-- keep: this month
select
    recipient.leader_id,
    volume.close_month as month,
    volume.personal_bv,
    volume.group_bv,
from finance.volume as volume
join leaders.recipients as recipient on recipient.leader_id = volume.member_id
where
    volume.close_month >= substr(
        cast(cast($month_start - 11 * interval 1 month as date) as varchar), 1, 7
    )
    and volume.close_month <= $close_month
