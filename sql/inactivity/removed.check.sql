-- A close may not remove more of the snapshot's members than inactivity.max_removed_share allows:
-- a bad extract can look like many inactive records (contract 2.0).
-- stops the close: {removed} of {members} members would be removed as inactive, more than
--     inactivity.max_removed_share = {max_removed_share} allows; look whether orders and members
--     were exported whole, or raise the share in policy.toml if all of them are to go
with
counts as (
    select
        count(*) as members,
        count(removed.member_id) as removed,
    from extracts.members as member
    left join inactivity.removed as removed
        on removed.member_id = member.member_id and removed.close_month = $close_month
)

select
    removed,
    members,
    $max_removed_share as max_removed_share,
from counts
where removed > $max_removed_share * members
