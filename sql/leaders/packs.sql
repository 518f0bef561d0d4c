-- One row per member who gets a pack, with what its page says of the member: the seat's
-- qualification, volume, people and legs before and after the compression, a flag on the own record
-- (contract 3, leaders' packs). Who has left the snapshot has no name, no language and no people.
-- grain: leader_id
-- keep: this month
select
    recipient.leader_id,
    member.name,
    member.language,
    member.rank,
    qualification.qualified,
    qualification.reasons,
    qualification.weeks_paid,
    qualification.weeks,
    qualification.best_order_bv,
    qualification.enrolments,
    span.qualification_start,
    span.qualification_end,
    span.benefits_start,
    span.benefits_end,
    cast(coalesce(volume.personal_bv, 0) as decimal(38, 2)) as personal_bv,
    cast(coalesce(volume.group_bv, 0) as decimal(38, 2)) as group_bv,
    cast(coalesce(volume.payline_bv, 0) as decimal(38, 2)) as payline_bv,
    cast(coalesce(effect.payline_bv_after, volume.payline_bv, 0) as decimal(38, 2))
        as payline_bv_after,
    before.personal_bv as personal_bv_before,
    before.group_bv as group_bv_before,
    before.payline_bv as payline_bv_before,
    before.commission as commission_before,
    case when member.member_id is not null then coalesce(people.people, 0) end as people,
    people.associates,
    people.newcomers,
    people.active,
    cast(coalesce(legs.legs, 0) as integer) as legs,
    cast(coalesce(effect.legs_after, legs.legs, 0) as integer) as legs_after,
    flag.deadline,
from leaders.recipients as recipient
left join extracts.members as member on member.member_id = recipient.leader_id
left join referral.qualification as qualification
    on qualification.credit_member_id = recipient.leader_id
    and qualification.close_month = $close_month
left join book.windows as span on span.month = qualification.month
left join finance.volume as volume
    on volume.member_id = recipient.leader_id and volume.close_month = $close_month
left join leaders.before as before on before.leader_id = recipient.leader_id
left join leaders.people as people on people.leader_id = recipient.leader_id
left join leaders.legs as legs on legs.leader_id = recipient.leader_id
left join inactivity.effect as effect
    on effect.member_id = recipient.leader_id and effect.close_month = $close_month
left join inactivity.flagged as flag
    on flag.member_id = recipient.leader_id and flag.close_month = $close_month
