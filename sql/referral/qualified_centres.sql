-- One row per centre of a seat that qualified, as the snapshot had it then: a hold on it counts
-- as long as the seat's benefits run (contract 2.3).
-- grain: member_id
select
    qualification.seat_id,
    centre.member_id,
from referral.qualification as qualification
join referral.centres as centre on centre.seat_id = qualification.seat_id
where qualification.close_month = $close_month and qualification.qualified
