-- One row per recipient of a pack, with the figures of the month before that the page tells beside
-- this one's: nothing where there was no such close, or none of the programme (contract 2.5, 2.8).
-- grain: leader_id
-- keep: this month
with
commissions as (
    select
        consultant_id as member_id,
        sum(commission) as commission,
    from finance.subscription_commissions
    where close_month = $previous_month and consultant_id is not null
    group by consultant_id
)

select
    recipient.leader_id,
    cast(
        case when $close_month > $opening_month then coalesce(volume.personal_bv, 0) end
        as decimal(38, 2)
    ) as personal_bv,
    cast(
        case when $close_month > $opening_month then coalesce(volume.group_bv, 0) end
        as decimal(38, 2)
    ) as group_bv,
    cast(
        case when $close_month > $opening_month then coalesce(volume.payline_bv, 0) end
        as decimal(38, 2)
    ) as payline_bv,
    cast(
        case
            when $last_subscriptions_month = $previous_month then coalesce(earned.commission, 0)
        end
        as decimal(38, 2)
    ) as commission,
from leaders.recipients as recipient
left join finance.volume as volume
    on volume.member_id = recipient.leader_id and volume.close_month = $previous_month
left join commissions as earned on earned.member_id = recipient.leader_id
