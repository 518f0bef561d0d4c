SELECT
  COALESCE(member.business_id, member.member_id) AS seat_id,
  member.member_id,
  member.enrolled_on,
  member.rank,
  ranking.level AS rank_level
FROM extracts__members AS member
JOIN book__ranks AS ranking
  ON ranking.rank = member.rank
WHERE
  member.member_type = 'associate'
