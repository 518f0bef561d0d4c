WITH months AS (
  SELECT DISTINCT
    benefits_month
  FROM referral__offers AS offers
  WHERE
    refusal IS NULL
), centres AS (
  SELECT
    months.benefits_month,
    qualified.seat_id,
    qualified.member_id
  FROM months
  JOIN referral__qualified_centres AS qualified
    ON qualified.close_month = months.benefits_month
  UNION ALL
  SELECT
    months.benefits_month,
    qualification.seat_id,
    centre.member_id
  FROM months
  JOIN referral__qualification AS qualification
    ON qualification.close_month = months.benefits_month AND qualification.qualified
  JOIN referral__centres AS centre
    ON centre.seat_id = qualification.seat_id
)
SELECT DISTINCT
  centres.benefits_month,
  centres.seat_id,
  hold.starts_on,
  hold.ends_on
FROM centres
JOIN extracts__holds AS hold
  ON hold.member_id = centres.member_id
