SELECT
  recipient.leader_id,
  member.name,
  member.language,
  member.rank,
  qualification.qualified,
  qualification.reasons,
  qualification.weeks_paid,
  qualification.weeks,
  qualification.best_order_bv,
  qualification.enrolments,
  span.qualification_start,
  span.qualification_end,
  span.benefits_start,
  span.benefits_end,
  CAST(COALESCE(volume.personal_bv, 0) AS DECIMAL(38, 2)) AS personal_bv,
  CAST(COALESCE(volume.group_bv, 0) AS DECIMAL(38, 2)) AS group_bv,
  CAST(COALESCE(volume.payline_bv, 0) AS DECIMAL(38, 2)) AS payline_bv,
  CAST(COALESCE(effect.payline_bv_after, volume.payline_bv, 0) AS DECIMAL(38, 2)) AS payline_bv_after,
  before.personal_bv AS personal_bv_before,
  before.group_bv AS group_bv_before,
  before.payline_bv AS payline_bv_before,
  before.commission AS commission_before,
  CASE WHEN NOT member.member_id IS NULL THEN COALESCE(people.people, 0) END AS people,
  people.associates,
  people.newcomers,
  people.active,
  CAST(COALESCE(legs.legs, 0) AS INT) AS legs,
  CAST(COALESCE(effect.legs_after, legs.legs, 0) AS INT) AS legs_after,
  flag.deadline
FROM leaders__recipients AS recipient
LEFT JOIN extracts__members AS member
  ON member.member_id = recipient.leader_id
LEFT JOIN referral__qualification AS qualification
  ON qualification.credit_member_id = recipient.leader_id
  AND qualification.close_month = :close_month
LEFT JOIN book__windows AS span
  ON span.month = qualification.month
LEFT JOIN finance__volume AS volume
  ON volume.member_id = recipient.leader_id AND volume.close_month = :close_month
LEFT JOIN leaders__before AS before
  ON before.leader_id = recipient.leader_id
LEFT JOIN leaders__people AS people
  ON people.leader_id = recipient.leader_id
LEFT JOIN leaders__legs AS legs
  ON legs.leader_id = recipient.leader_id
LEFT JOIN inactivity__effect AS effect
  ON effect.member_id = recipient.leader_id AND effect.close_month = :close_month
LEFT JOIN inactivity__flagged AS flag
  ON flag.member_id = recipient.leader_id AND flag.close_month = :close_month
