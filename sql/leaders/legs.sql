-- One row per recipient of a pack who sponsors associates directly: how many, on the line before
-- the compression (contract 2.6, effect).
-- grain: leader_id
-- keep: this month
select
    recipient.leader_id,
    cast(count(*) as integer) as legs,
from leaders.recipients as recipient
join extracts.members as member
    on member.sponsor_id = recipient.leader_id and member.member_type = 'associate'
group by recipient.leader_id
