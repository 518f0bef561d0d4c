SELECT
  member.member_id,
  member.member_type,
  CASE
    WHEN moved.member_id IS NULL
    THEN member.sponsor_id
    ELSE moved.new_sponsor_id
  END AS sponsor_id
FROM extracts__members AS member
LEFT JOIN inactivity__compression AS moved
  ON moved.member_id = member.member_id AND moved.close_month = :close_month
ANTI JOIN inactivity__gone AS gone
  ON gone.member_id = member.member_id
