SELECT
  member.member_id,
  member.sponsor_id AS old_sponsor_id,
  sponsor.next_id AS new_sponsor_id,
  sponsor.levels_up
FROM extracts__members AS member
JOIN inactivity__gone AS sponsor
  ON sponsor.member_id = member.sponsor_id
ANTI JOIN inactivity__gone AS own
  ON own.member_id = member.member_id
