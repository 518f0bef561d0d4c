-- Section 3: retail orders and leads go to the seat that was served longest ago.
create temporary table requests on commit drop as
select
    kind, id, row_number() over (order by kind, benefits_start, at, id) as place, at, day,
    windows.month as benefits_month, request.country, bv,
    case
        when not coalesce(request.country = any (policy.countries), false)
            then 'outside_countries'
        when windows.month is null then 'outside_benefits'
        else 'no_leader'
    end as outcome,
    null::text as seat_id, null::text as member_id
from (
    select 'order' as kind, order_id as id, ordered_at as at, day, country, bv, posting, event_month
    from orders
    where channel = 'retail' and posting = (select month from closing)
    union all
    select 'lead', lead_id, requested_at, day, country, null, posting, event_month
    from leads
    where posting = (select month from closing)
) as request
cross join policy
left join calendar as windows on request.day between benefits_start and benefits_end
where request.event_month >= policy.opening;
create index on requests (place);
create index on requests (kind, benefits_month, day);
analyze requests;

-- A hold of either kind on who is a centre now or was at qualification.
create temporary table seat_holds on commit drop as
select
    qualification.month, qualification.seat_id, starts_on,
    coalesce(ends_on, 'infinity') as ends_on
from holds
join members using (member_id)
join qualification using (seat_id)
where member_type = 'associate'
union
select month, seat_id, starts_on, coalesce(ends_on, 'infinity')
from holds
join qualified_centres using (member_id);
create index on seat_holds (month, seat_id);
analyze seat_holds;

do $$
declare
    run record;
begin
    for run in
        select kind, benefits_month, day
        from requests
        where outcome = 'no_leader'
        group by kind, benefits_month, day
        order by min(place)
    loop
        with queue as (
            select
                seat_id,
                row_number() over (order by serial nulls first, seat_id) - 1 as turn
            from qualification
            left join (select seat_id, serial from service where kind = run.kind) as history
                using (seat_id)
            where
                qualification.month = run.benefits_month and qualified
                and not exists (
                    select from seat_holds
                    where
                        seat_holds.month = run.benefits_month
                        and seat_holds.seat_id = qualification.seat_id
                        and run.day between starts_on and ends_on
                )
        ),
        waiting as (
            select place, row_number() over (order by place) - 1 as turn
            from requests
            where
                kind = run.kind and benefits_month = run.benefits_month and day = run.day
                and outcome = 'no_leader'
        ),
        dealt as (
            update requests set seat_id = queue.seat_id, outcome = 'assigned'
            from waiting
            join queue on queue.turn = waiting.turn % (select count(*) from queue)
            where requests.place = waiting.place
            returning requests.seat_id, requests.place
        )
        insert into service
        select run.kind, seat_id, closing.month * 10000000000 + max(place)
        from dealt
        cross join closing
        group by seat_id, closing.month
        on conflict (kind, seat_id) do update set serial = excluded.serial;
    end loop;
end $$;

create temporary table centres_now on commit drop as
select seat_id, member_id, enrolled_on
from members
where member_type = 'associate' and seat_id in (select seat_id from requests);
create index on centres_now (seat_id, enrolled_on, member_id);
analyze centres_now;

-- The seat's centre with the latest enrolment by the day, else the one frozen.
update requests
set member_id = coalesce(
    (
        select members.member_id
        from centres_now as members
        where members.seat_id = requests.seat_id and members.enrolled_on <= requests.day
        order by members.enrolled_on desc, members.member_id desc
        limit 1
    ),
    (
        select credit_member_id
        from qualification
        where
            qualification.month = requests.benefits_month
            and qualification.seat_id = requests.seat_id
    )
)
where seat_id is not null;

update orders
set holder = requests.member_id, is_assigned = true
from requests
where kind = 'order' and outcome = 'assigned' and order_id = id;
