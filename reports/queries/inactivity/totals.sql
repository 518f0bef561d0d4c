-- One row per month: flags, removals and what became of the flags of the month before.
-- grain: the month
with
flagged as (select member_id, new from inactivity.flagged where close_month = $month),

earlier as (select member_id from inactivity.flagged where close_month = $before),

removed as (select member_id from inactivity.removed where close_month = $month),

cleared as (
    select earlier.member_id
    from earlier
    anti join flagged on flagged.member_id = earlier.member_id
    anti join removed on removed.member_id = earlier.member_id
)

select
    (select count(*) from flagged) as flagged,
    (select count(*) from flagged where new) as new_flags,
    (select count(*) from removed) as removed,
    (select count(*) from cleared) as cleared,
    (select count(*) from cleared semi join extracts.members as member
        on member.member_id = cleared.member_id) as saved,
    (select count(*) from extracts.members) as members,
    (select count(*) from inactivity.still_present where close_month = $month)
        as still_present,
    (select count(*) from inactivity.compression where close_month = $month) as moved,
