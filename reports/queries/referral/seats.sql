-- One row per seat: each rule held or not.
-- grain: seat_id
-- The qualified first, then those that came closest.
with
seats as (
    select
        seat_id, credit_member_id, rank, weeks_paid, weeks, best_order_bv, enrolments, qualified,
        ';' || coalesce(reasons, '') || ';' as told,
    from referral.qualification
    where close_month = $month
)

select
    seat_id, credit_member_id, rank, weeks_paid, weeks, best_order_bv, enrolments, qualified,
    not contains(told, ';paid_rank;') as paid_rank_ok,
    not contains(told, ';order;') as order_ok,
    not contains(told, ';enrolments;') as enrolments_ok,
    not contains(told, ';standing;') as standing_ok,
    not contains(told, ';barred;') as barred_ok,
from seats
order by qualified desc, length(told) - length(replace(told, ';', '')), seat_id
