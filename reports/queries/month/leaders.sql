-- One row per leader who gets a pack.
-- grain: leader_id
select leader_id
from leaders.packs
order by leader_id
