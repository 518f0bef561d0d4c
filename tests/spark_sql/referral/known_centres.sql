SELECT
  centre.seat_id,
  centre.member_id,
  centre.enrolled_on
FROM referral__centres AS centre
SEMI JOIN referral__qualification AS qualification
  ON qualification.seat_id = centre.seat_id
