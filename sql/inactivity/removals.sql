-- One row per member that an earlier close removed: in which month last, and whether a close has
-- found activity after it since, which spends the removal for good (contract 2.6, still present).
-- A close looks at those who are in its snapshot; who is not there is neither present nor found.
-- grain: member_id
-- columns: member_id varchar, removed_in varchar, is_spent boolean
-- earlier months of: inactivity.removed
with
remembered as (
    select
        member_id,
        removed_in,
        is_spent,
    from inactivity.removals
    where close_month = $last_inactivity_month
    union all
    select
        member_id,
        close_month as removed_in,
        false as is_spent,
    from inactivity.removed
    where close_month = $last_inactivity_month
),

latest as (
    select
        member_id,
        removed_in,
        is_spent,
    from remembered
    qualify row_number() over (partition by member_id order by removed_in desc) = 1
)

select
    latest.member_id,
    latest.removed_in,
    latest.is_spent or coalesce(
        activity.last_activity_on > last_day(cast(concat(latest.removed_in, '-01') as date)),
        false
    ) as is_spent,
from latest
left join extracts.members as member on member.member_id = latest.member_id
left join inactivity.last_activity as activity on activity.member_id = member.member_id
