-- One row per centre of a seat that was ever a candidate, as the month's snapshot has it: who they
-- were can be asked of every closed month (contract 2.2, 2.3; contract 4, explain).
-- grain: member_id
select
    centre.seat_id,
    centre.member_id,
    centre.enrolled_on,
from referral.centres as centre
semi join referral.qualification as qualification on qualification.seat_id = centre.seat_id
