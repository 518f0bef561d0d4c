SELECT
  downline.member_id AS leader_id,
  CAST(downline.people - 1 AS INT) AS people,
  CAST(downline.associates - CASE WHEN member.member_type = 'associate' THEN 1 ELSE 0 END AS INT) AS associates,
  CAST(downline.newcomers - CASE
    WHEN member.enrolled_on >= :month_start AND member.enrolled_on <= :month_end
    THEN 1
    ELSE 0
  END AS INT) AS newcomers,
  CAST(downline.active - CASE WHEN statement.net_bv > 0 THEN 1 ELSE 0 END AS INT) AS active
FROM leaders__recipients AS recipient
JOIN finance__downlines AS downline
  ON downline.member_id = recipient.leader_id
JOIN extracts__members AS member
  ON member.member_id = recipient.leader_id
LEFT JOIN finance__statements AS statement
  ON statement.member_id = recipient.leader_id
  AND statement.close_month = :close_month
