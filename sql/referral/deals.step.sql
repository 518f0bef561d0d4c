-- Deal one run: the eligible seats queue by who was served longest ago, those never served first,
-- ties by id, and the run's turns go round that queue (contract 2.3).
-- repeat: append for every run_no of referral.turns
with
run as (
    select
        kind,
        source_id,
        from_on,
        deal_no,
        row_number() over (order by deal_no) - 1 as place,
    from referral.turns
    where run_no = $round
),

eligible as (
    select
        opening.kind,
        qualification.seat_id,
    from run as opening
    join referral.stretches as stretch on stretch.from_on = opening.from_on
    join referral.qualification as qualification
        on qualification.close_month = stretch.benefits_month and qualification.qualified
    anti join referral.seat_holds as hold
        on hold.benefits_month = stretch.benefits_month
        and hold.seat_id = qualification.seat_id
        and hold.starts_on <= opening.from_on
        and coalesce(hold.ends_on, opening.from_on) >= opening.from_on
    where opening.place = 0
),

services as (
    select
        kind,
        seat_id,
        deal_no,
    from referral.queue
    where close_month = $last_referral_month
    union all
    select
        kind,
        seat_id,
        deal_no,
    from referral.deals
    where close_month = $close_month
),

queue as (
    select
        eligible.seat_id,
        row_number() over (
            order by max(services.deal_no) nulls first, eligible.seat_id
        ) - 1 as place,
    from eligible
    left join services
        on services.kind = eligible.kind and services.seat_id = eligible.seat_id
    group by eligible.seat_id
),

-- The place in the queue is worked out on one side first, so that the join is by equality alone.
seated as (
    select
        run.kind,
        run.source_id,
        run.deal_no,
        run.place % nullif(size.seats, 0) as place,
    from run
    cross join (select count(*) as seats from eligible) as size
)

select
    seated.kind,
    seated.source_id,
    queue.seat_id,
    seated.deal_no,
from seated
join queue on queue.place = seated.place
