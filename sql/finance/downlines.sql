-- One row per member who sponsors somebody in the snapshot: its group volume so far, how many
-- people that is of, itself among them, and the ancestor that it has been added up to; at first its
-- own with those directly below it who sponsor nobody, and its sponsor (contract 2.5). Who sponsors
-- nobody has no downline to add up, and they are most of a snapshot. Active are those with net BV.
-- grain: member_id
-- keep: this month
with
people as (
    select
        member.member_id,
        member.sponsor_id,
        coalesce(statement.net_bv, 0) as net_bv,
        case when member.member_type = 'associate' then 1 else 0 end as associates,
        case
            when member.enrolled_on >= $month_start and member.enrolled_on <= $month_end then 1
            else 0
        end as newcomers,
        case when statement.net_bv > 0 then 1 else 0 end as active,
    from extracts.members as member
    left join finance.statements as statement
        on statement.member_id = member.member_id and statement.close_month = $close_month
),

sponsors as (
    select sponsor_id as member_id
    from extracts.members
    where sponsor_id is not null
    group by sponsor_id
),

last_in_line as (
    select
        person.sponsor_id as member_id,
        sum(person.net_bv) as net_bv,
        count(*) as people,
        sum(person.associates) as associates,
        sum(person.newcomers) as newcomers,
        sum(person.active) as active,
    from people as person
    anti join sponsors on sponsors.member_id = person.member_id
    where person.sponsor_id is not null
    group by person.sponsor_id
)

select
    person.member_id,
    person.sponsor_id as ancestor_id,
    cast(person.net_bv + coalesce(last_in_line.net_bv, 0) as decimal(38, 2)) as group_bv,
    cast(1 + coalesce(last_in_line.people, 0) as integer) as people,
    cast(person.associates + coalesce(last_in_line.associates, 0) as integer) as associates,
    cast(person.newcomers + coalesce(last_in_line.newcomers, 0) as integer) as newcomers,
    cast(person.active + coalesce(last_in_line.active, 0) as integer) as active,
from people as person
semi join sponsors on sponsors.member_id = person.member_id
left join last_in_line on last_in_line.member_id = person.member_id
