-- One row per month: members removed, still present, and in the snapshot.
-- grain: the month
select
    (select count(*) from inactivity.removed where close_month = $month) as removed,
    (select count(*) from inactivity.still_present where close_month = $month) as still_present,
    count(*) as members,
from extracts.members
