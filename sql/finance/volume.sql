-- One row per member with personal, group or payline volume in the month, on the snapshot's
-- sponsor line; who is not in the snapshot has only its own (contract 2.5).
-- grain: member_id
-- report: by member_id
-- printed with: volume
with
personal as (
    select
        member_id,
        net_bv,
    from finance.statements
    where close_month = $close_month and member_id is not null
),

payline as (
    select
        member_id,
        sum(bv) as bv,
    from finance.paylines
    group by member_id
),

volumes as (
    select
        member.member_id,
        coalesce(personal.net_bv, 0) as personal_bv,
        coalesce(downline.group_bv, personal.net_bv, 0) as group_bv,
        coalesce(payline.bv, 0) as payline_bv,
    from extracts.members as member
    left join finance.downlines as downline on downline.member_id = member.member_id
    left join personal on personal.member_id = member.member_id
    left join payline on payline.member_id = member.member_id
    union all
    select
        personal.member_id,
        personal.net_bv as personal_bv,
        personal.net_bv as group_bv,
        0 as payline_bv,
    from personal
    anti join extracts.members as member on member.member_id = personal.member_id
)

select
    member_id,
    cast(personal_bv as decimal(38, 2)) as personal_bv,
    cast(group_bv as decimal(38, 2)) as group_bv,
    cast(payline_bv as decimal(38, 2)) as payline_bv,
from volumes
where personal_bv <> 0 or group_bv <> 0 or payline_bv <> 0
