-- A close may not flag more than ten members and more of the snapshot's than
-- inactivity.max_flagged_share allows for the first time: a history of orders that was never
-- exported looks like many inactive records (contract 2.0).
-- stops the close: {newly_flagged} of {members} members would be newly flagged as inactive, more
--     than inactivity.max_flagged_share = {max_flagged_share} allows; look whether the orders of
--     the months before were exported too, or raise the share in policy.toml if it is true
with
counts as (
    select
        count(*) as members,
        count(flag.member_id) as newly_flagged,
    from extracts.members as member
    left join inactivity.flagged as flag
        on flag.member_id = member.member_id
        and flag.close_month = $close_month
        and flag.new
)

select
    newly_flagged,
    members,
    $max_flagged_share as max_flagged_share,
from counts
where newly_flagged > 10 and newly_flagged > $max_flagged_share * members
