-- One row per seat that holds the rank to take part: whether it qualified in the month's window,
-- and every reason against it, in the contract's order (contract 2.2; customer referral FAQ).
-- grain: seat_id
-- report: by seat_id
with
credited as (
    select
        seat_id,
        member_id,
    from referral.centres
    qualify row_number() over (
        partition by seat_id
        order by enrolled_on desc, member_id desc
    ) = 1
),

judged as (
    select
        candidate.seat_id,
        candidate.rank_level,
        candidate.weeks_paid,
        cast(
            (date_diff('day', span.qualification_start, span.qualification_end) + 1) // 7
            as integer
        ) as weeks,
        candidate.best_order_bv,
        candidate.enrolments,
        not coalesce(hold.is_out_of_standing, false) as good_standing,
        coalesce(hold.is_barred, false) as barred,
    from referral.candidates as candidate
    join book.windows as span on span.month = $close_month
    left join referral.holds as hold on hold.seat_id = candidate.seat_id
),

explained as (
    select
        seat_id,
        substr(concat(
            case when weeks_paid < weeks then ';paid_rank' else '' end,
            case when coalesce(best_order_bv < $min_order_bv, true) then ';order' else '' end,
            case when enrolments < $min_enrolments then ';enrolments' else '' end,
            case when good_standing then '' else ';standing' end,
            case when barred then ';barred' else '' end
        ), 2) as reasons,
    from judged
)

select
    cast($close_month as varchar) as month,
    judged.seat_id,
    credited.member_id as credit_member_id,
    ranking.rank,
    judged.weeks_paid,
    judged.weeks,
    judged.best_order_bv,
    judged.enrolments,
    judged.good_standing,
    judged.barred,
    explained.reasons = '' as qualified,
    nullif(explained.reasons, '') as reasons,
from judged
join explained on explained.seat_id = judged.seat_id
join credited on credited.seat_id = judged.seat_id
join book.ranks as ranking on ranking.level = judged.rank_level
