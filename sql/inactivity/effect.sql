-- One row per member whose legs or payline volume the compression changes, before and after
-- (contract 2.6; inactive record notice: more volume closer, more legs).
-- grain: member_id
-- report: by member_id
with
legs_before as (
    select
        sponsor_id as member_id,
        count(*) as legs,
    from extracts.members
    where member_type = 'associate'
    group by sponsor_id
),

legs_after as (
    select
        sponsor_id as member_id,
        count(*) as legs,
    from inactivity.compressed_line
    where member_type = 'associate'
    group by sponsor_id
),

payline_before as (
    select
        member_id,
        sum(bv) as bv,
    from finance.paylines
    group by member_id
),

payline_after as (
    select
        member_id,
        sum(bv) as bv,
    from inactivity.compressed_paylines
    group by member_id
)

select
    line.member_id,
    cast(coalesce(legs_before.legs, 0) as integer) as legs_before,
    cast(coalesce(legs_after.legs, 0) as integer) as legs_after,
    cast(coalesce(payline_before.bv, 0) as decimal(38, 2)) as payline_bv_before,
    cast(coalesce(payline_after.bv, 0) as decimal(38, 2)) as payline_bv_after,
from inactivity.compressed_line as line
left join legs_before on legs_before.member_id = line.member_id
left join legs_after on legs_after.member_id = line.member_id
left join payline_before on payline_before.member_id = line.member_id
left join payline_after on payline_after.member_id = line.member_id
where
    coalesce(legs_before.legs, 0) <> coalesce(legs_after.legs, 0)
    or coalesce(payline_before.bv, 0) <> coalesce(payline_after.bv, 0)
