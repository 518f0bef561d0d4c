-- One row per leader with a list, the longest first.
-- grain: leader_id
select leader_id, count(*) as members, count(*) as bar,
    count(*) filter (where relation = 'enroller') as enrolled,
    count(*) filter (where relation = 'upline') as upline
from inactivity.lists
where close_month = $month
group by leader_id
order by members desc, leader_id
