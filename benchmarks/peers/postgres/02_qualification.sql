-- Section 2: the candidates of the window whose month is closed, and the reasons against each.
create temporary table order_nets on commit drop as
select orders.order_id, orders.holder, orders.bv - coalesce(sum(reversals.bv), 0) as net_bv
from calendar
join closing using (month)
join orders on orders.day between qualification_start and qualification_end
left join reversals
    on reversals.order_id = orders.order_id and reversals.day <= qualification_end
where orders.channel = 'member'
group by orders.order_id, orders.holder, orders.bv;

create temporary table centres on commit drop as
select members.seat_id, members.member_id, members.enrolled_on
from members
join (
    select seat_id
    from members, policy
    where member_type = 'associate'
    group by seat_id, policy.min_rank
    having max(rank) >= policy.min_rank
) as candidates using (seat_id)
where members.member_type = 'associate';
create index on centres (member_id);
analyze centres;

insert into qualification
with seats as (
    select
        seat_id, max(members.rank) as rank,
        (array_agg(member_id order by centres.enrolled_on desc, member_id desc))[1] as credit
    from centres
    join members using (seat_id, member_id)
    group by seat_id
),
paid as (
    select seat_id, count(distinct week_start) as weeks_paid
    from centres
    join paid_ranks using (member_id)
    join policy on paid_ranks.rank >= policy.min_rank
    join closing on true
    join calendar
        on calendar.month = closing.month
        and week_start between qualification_start and qualification_end
    group by seat_id
),
bought as (
    select seat_id, max(net_bv) as best_order_bv
    from centres
    join order_nets on order_nets.holder = centres.member_id
    group by seat_id
),
enrolled as (
    select centres.seat_id, count(*) as enrolments
    from centres
    join members on members.enroller_id = centres.member_id
    cross join policy
    join closing on true
    join calendar
        on calendar.month = closing.month
        and members.enrolled_on between qualification_start and qualification_end
    where
        members.business_id is distinct from centres.seat_id
        and not (members.member_type = 'associate' and members.seat_id = centres.seat_id)
        and (
            policy.min_enrolment_order_bv = 0
            or exists (
                select from order_nets
                where order_nets.holder = members.member_id
                and order_nets.net_bv >= policy.min_enrolment_order_bv
            )
        )
    group by centres.seat_id
),
held as (
    select
        seat_id,
        bool_or(
            kind = 'standing' and starts_on <= qualification_end
            and coalesce(ends_on, 'infinity') >= qualification_start
        ) as standing,
        bool_or(
            kind = 'referral'
            and benefits_start between starts_on and coalesce(ends_on, 'infinity')
        ) as barred
    from centres
    join holds using (member_id)
    join closing on true
    join calendar on calendar.month = closing.month
    group by seat_id
),
facts as (
    select
        calendar.month, seats.seat_id, seats.credit, seats.rank,
        coalesce(weeks_paid, 0) as weeks_paid,
        (qualification_end - qualification_start + 1) / 7 as weeks,
        best_order_bv, coalesce(enrolments, 0) as enrolments,
        coalesce(standing, false) as standing, coalesce(barred, false) as barred
    from seats
    join closing on true
    join calendar on calendar.month = closing.month
    left join paid using (seat_id)
    left join bought using (seat_id)
    left join enrolled using (seat_id)
    left join held using (seat_id)
),
reasoned as (
    select
        facts.*,
        concat_ws(
            ';',
            case when weeks_paid < weeks then 'paid_rank' end,
            case when coalesce(best_order_bv < min_order_bv, true) then 'order' end,
            case when enrolments < min_enrolments then 'enrolments' end,
            case when standing then 'standing' end,
            case when barred then 'barred' end
        ) as reasons
    from facts
    cross join policy
)
select
    month, seat_id, credit, rank, weeks_paid, weeks, best_order_bv, enrolments, standing,
    barred, reasons = '', nullif(reasons, '')
from reasoned;

insert into qualified_centres
select month, seat_id, member_id
from closing
join qualification using (month)
join centres using (seat_id)
where qualified;
