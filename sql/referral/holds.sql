-- One row per seat with a hold on one of its centres that touches the qualification: not in good
-- standing during the window, or barred when the benefits start (contract 2.2).
-- grain: seat_id
-- keep: this month
select
    centre.seat_id,
    count(*) filter (
        where hold.kind = 'standing'
        and hold.starts_on <= span.qualification_end
        and coalesce(hold.ends_on, span.qualification_end) >= span.qualification_start
    ) > 0 as is_out_of_standing,
    count(*) filter (
        where hold.kind = 'referral'
        and hold.starts_on <= span.benefits_start
        and coalesce(hold.ends_on, span.benefits_start) >= span.benefits_start
    ) > 0 as is_barred,
from extracts.holds as hold
join referral.centres as centre on centre.member_id = hold.member_id
join book.windows as span on span.month = $close_month
group by centre.seat_id
