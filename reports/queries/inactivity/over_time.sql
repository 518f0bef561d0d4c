-- One row per month of the trend: new flags, flags gone without a removal, removals.
-- grain: close_month
with
flags as (
    select close_month, count(*) as flagged, count(*) filter (where new) as new_flags
    from inactivity.flagged
    where close_month between $first and $month
    group by close_month
),

removals as (
    select close_month, count(*) as removed
    from inactivity.removed
    where close_month between $first and $month
    group by close_month
),

ended as (
    select
        strftime(strptime(earlier.close_month || '-01', '%Y-%m-%d') + interval 1 month, '%Y-%m')
            as close_month,
        count(*) as cleared
    from inactivity.flagged as earlier
    anti join inactivity.flagged as later
        on later.member_id = earlier.member_id
        and later.close_month = strftime(
            strptime(earlier.close_month || '-01', '%Y-%m-%d') + interval 1 month, '%Y-%m')
    anti join inactivity.removed as gone
        on gone.member_id = earlier.member_id
        and gone.close_month = strftime(
            strptime(earlier.close_month || '-01', '%Y-%m-%d') + interval 1 month, '%Y-%m')
    where earlier.close_month between $first and $before
    group by 1
)

select
    coalesce(flags.close_month, removals.close_month, ended.close_month) as close_month,
    flags.flagged,
    flags.new_flags,
    removals.removed,
    ended.cleared,
from flags
full join removals on removals.close_month = flags.close_month
full join ended on ended.close_month = coalesce(flags.close_month, removals.close_month)
