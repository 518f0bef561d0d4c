SELECT
  recipient.leader_id,
  CAST(COUNT(*) AS INT) AS legs
FROM leaders__recipients AS recipient
JOIN extracts__members AS member
  ON member.sponsor_id = recipient.leader_id AND member.member_type = 'associate'
GROUP BY
  recipient.leader_id
