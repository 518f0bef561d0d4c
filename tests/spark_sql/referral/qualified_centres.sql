SELECT
  qualification.seat_id,
  centre.member_id
FROM referral__qualification AS qualification
JOIN referral__centres AS centre
  ON centre.seat_id = qualification.seat_id
WHERE
  qualification.close_month = :close_month AND qualification.qualified
