SELECT
  position.member_id,
  CASE WHEN above.member_id IS NULL THEN position.next_id ELSE above.next_id END AS next_id,
  position.levels_up + COALESCE(above.levels_up, 0) AS levels_up,
  above.gone_id
FROM inactivity__gone AS position
LEFT JOIN inactivity__gone AS above
  ON above.member_id = position.gone_id
