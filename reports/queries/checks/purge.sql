-- One row per month: members removed (before, too), still present, newly so, and in the snapshot.
-- grain: the month
select
    (select count(*) from inactivity.removed where close_month = $month) as removed,
    (select count(*) from inactivity.removed where close_month = $before) as removed_before,
    (select count(*) from inactivity.still_present where close_month = $month) as still_present,
    (
        select count(*)
        from inactivity.still_present as now
        anti join inactivity.still_present as earlier
            on earlier.member_id = now.member_id and earlier.close_month = $before
        where now.close_month = $month
    ) as new_present,
    count(*) as members,
from extracts.members
