SELECT
  listed.leader_id,
  listed.member_id,
  member.name,
  flag.member_type,
  listed.relation,
  listed.level,
  flag.last_activity_on,
  flag.deadline,
  member.email,
  member.phone
FROM inactivity__lists AS listed
JOIN inactivity__flagged AS flag
  ON flag.member_id = listed.member_id AND flag.close_month = :close_month
JOIN extracts__members AS member
  ON member.member_id = listed.member_id
WHERE
  listed.close_month = :close_month
