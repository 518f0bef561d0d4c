-- One row per position that is no longer there: next_id is the sponsor that its own downline comes
-- to, levels_up how many gone positions that passes, at first only itself (contract 2.6).
-- grain: member_id
-- keep: this month
with
positions as (
    select
        member_id,
        sponsor_id,
    from inactivity.gone_positions
    where close_month = $close_month
)

select
    position.member_id,
    position.sponsor_id as next_id,
    cast(1 as integer) as levels_up,
    above.member_id as gone_id,
from positions as position
left join positions as above on above.member_id = position.sponsor_id
