-- One row per hold on a centre, then or now, of a seat that qualified for a window in which
-- something is to be dealt (contract 2.3).
-- grain: benefits_month, seat_id, starts_on, ends_on
-- keep: this month
with
months as (
    select distinct benefits_month
    from referral.offers
    where refusal is null
),

centres as (
    select
        months.benefits_month,
        qualified.seat_id,
        qualified.member_id,
    from months
    join referral.qualified_centres as qualified
        on qualified.close_month = months.benefits_month
    union all
    select
        months.benefits_month,
        qualification.seat_id,
        centre.member_id,
    from months
    join referral.qualification as qualification
        on qualification.close_month = months.benefits_month and qualification.qualified
    join referral.centres as centre on centre.seat_id = qualification.seat_id
)

select distinct
    centres.benefits_month,
    centres.seat_id,
    hold.starts_on,
    hold.ends_on,
from centres
join extracts.holds as hold on hold.member_id = centres.member_id
