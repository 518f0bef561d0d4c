-- One level further down: what is a level less below those whom a member sponsors.
-- repeat: append for round 2 to $pay_levels
select
    line.sponsor_id as member_id,
    cast($round as integer) as level,
    cast(sum(payline.bv) as decimal(38, 2)) as bv,
from inactivity.compressed_paylines as payline
join inactivity.compressed_line as line on line.member_id = payline.member_id
where payline.level = $round - 1 and line.sponsor_id is not null
group by line.sponsor_id
