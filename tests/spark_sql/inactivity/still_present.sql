SELECT
  removal.member_id,
  removal.removed_in
FROM inactivity__removals AS removal
JOIN extracts__members AS member
  ON member.member_id = removal.member_id
WHERE
  removal.close_month = :close_month AND NOT removal.is_spent
