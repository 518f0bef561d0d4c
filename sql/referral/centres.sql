-- One row per associate of the month's snapshot: the seat that it is a centre of (contract 2.2).
-- grain: member_id
-- keep: this month
select
    coalesce(member.business_id, member.member_id) as seat_id,
    member.member_id,
    member.enrolled_on,
    member.rank,
    ranking.level as rank_level,
from extracts.members as member
join book.ranks as ranking on ranking.rank = member.rank
where member.member_type = 'associate'
