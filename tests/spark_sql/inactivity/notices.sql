WITH new_flags AS (
  SELECT
    member_id,
    enroller_id,
    notice_on,
    deadline
  FROM inactivity__flagged AS flagged
  WHERE
    close_month = :close_month AND new
), recipients AS (
  SELECT
    member_id,
    member_id AS recipient_id,
    'holder' AS role,
    notice_on,
    deadline
  FROM new_flags
  UNION ALL
  SELECT
    flag.member_id,
    flag.enroller_id AS recipient_id,
    'enroller' AS role,
    flag.notice_on,
    flag.deadline
  FROM new_flags AS flag
  ANTI JOIN inactivity__gone AS gone
    ON gone.member_id = flag.enroller_id
  WHERE
    flag.enroller_id <> flag.member_id
)
SELECT
  recipient.member_id,
  recipient.recipient_id,
  recipient.role,
  member.language,
  member.email,
  recipient.notice_on,
  recipient.deadline
FROM recipients AS recipient
JOIN extracts__members AS member
  ON member.member_id = recipient.recipient_id
