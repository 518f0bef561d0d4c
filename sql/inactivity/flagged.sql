-- One row per inactive member that is not removed: since when it is flagged and until when it can
-- still act; a flag that stands keeps its dates (contract 2.6; inactive record notice).
-- grain: member_id
-- columns: member_id varchar, member_type varchar, country varchar,
--     sponsor_id varchar, enroller_id varchar, last_activity_on date, flagged_on date,
--     notice_on date, deadline date, new boolean
-- report: by member_id
with
due as (
    select
        inactive.member_id,
        cast(
            $close_day + (coalesce(market.notice_day, 1) - 1) * interval 1 day as date
        ) as notice_on,
        market.grace_days,
        coalesce(market.first_flag_month, $first_flag_month) <= $close_month as is_open,
    from inactivity.inactive as inactive
    left join book.markets as market on market.country = inactive.country
    anti join inactivity.removed as removed
        on removed.member_id = inactive.member_id and removed.close_month = $close_month
)

select
    inactive.member_id,
    inactive.member_type,
    inactive.country,
    inactive.sponsor_id,
    inactive.enroller_id,
    inactive.last_activity_on,
    coalesce(standing.flagged_on, cast($close_day as date)) as flagged_on,
    coalesce(standing.notice_on, due.notice_on) as notice_on,
    coalesce(
        standing.deadline,
        cast(due.notice_on + due.grace_days * interval 1 day as date),
        last_day(due.notice_on)
    ) as deadline,
    standing.member_id is null as new,
from inactivity.inactive as inactive
join due on due.member_id = inactive.member_id
left join inactivity.flagged as standing
    on standing.member_id = inactive.member_id and standing.close_month = $previous_month
where standing.member_id is not null or due.is_open
