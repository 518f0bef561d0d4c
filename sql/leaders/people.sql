-- One row per recipient of a pack who sponsors somebody: how many people there are below, on the
-- line before the compression, how many of them are associates, enrolled in the month, or have net
-- BV in it (contract 2.5).
-- grain: leader_id
-- keep: this month
select
    downline.member_id as leader_id,
    cast(downline.people - 1 as integer) as people,
    cast(
        downline.associates - case when member.member_type = 'associate' then 1 else 0 end
        as integer
    ) as associates,
    cast(
        downline.newcomers - case
            when member.enrolled_on >= $month_start and member.enrolled_on <= $month_end then 1
            else 0
        end as integer
    ) as newcomers,
    cast(
        downline.active - case when statement.net_bv > 0 then 1 else 0 end as integer
    ) as active,
from leaders.recipients as recipient
join finance.downlines as downline on downline.member_id = recipient.leader_id
join extracts.members as member on member.member_id = recipient.leader_id
left join finance.statements as statement
    on statement.member_id = recipient.leader_id and statement.close_month = $close_month
