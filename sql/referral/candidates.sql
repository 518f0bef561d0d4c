-- One row per seat that holds the rank to take part, with what counts towards its qualification
-- in the window: weeks paid as that rank, its best order, its enrolments (contract 2.2).
-- grain: seat_id
-- keep: this month
with
seats as (
    select
        seat_id,
        max(rank_level) as rank_level,
    from referral.centres
    group by seat_id
    having max(rank_level) >= $min_rank_level
),

weeks as (
    select
        centre.seat_id,
        count(distinct paid.week_start) as weeks_paid,
    from extracts.paid_ranks as paid
    join referral.centres as centre on centre.member_id = paid.member_id
    join book.ranks as ranking on ranking.rank = paid.rank and ranking.level >= $min_rank_level
    join book.windows as span
        on span.month = $close_month
        and paid.week_start >= span.qualification_start
        and paid.week_start <= span.qualification_end
    group by centre.seat_id
),

purchases as (
    select
        centre.seat_id,
        max(placed.net_bv) as best_order_bv,
    from referral.window_orders as placed
    join referral.centres as centre on centre.member_id = placed.buyer_id
    group by centre.seat_id
),

sponsored as (
    select
        seat_id,
        count(*) as enrolments,
    from referral.enrolments
    group by seat_id
)

select
    seats.seat_id,
    seats.rank_level,
    cast(coalesce(weeks.weeks_paid, 0) as integer) as weeks_paid,
    cast(purchases.best_order_bv as decimal(18, 2)) as best_order_bv,
    cast(coalesce(sponsored.enrolments, 0) as integer) as enrolments,
from seats
left join weeks on weeks.seat_id = seats.seat_id
left join purchases on purchases.seat_id = seats.seat_id
left join sponsored on sponsored.seat_id = seats.seat_id
