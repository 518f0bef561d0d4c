-- A pointer to a gone position becomes that position's own pointer.
-- repeat: replace until every gone_id is null
select
    position.member_id,
    case when above.member_id is null then position.next_id else above.next_id end as next_id,
    position.levels_up + coalesce(above.levels_up, 0) as levels_up,
    above.gone_id,
from inactivity.gone as position
left join inactivity.gone as above on above.member_id = position.gone_id
