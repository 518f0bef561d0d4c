WITH reasons AS (
  SELECT
    leader_id
  FROM leaders__inactivity AS inactivity
  UNION ALL
  SELECT
    leader_id
  FROM leaders__referrals AS referrals
  UNION ALL
  SELECT
    leader_id
  FROM leaders__leads AS leads
  UNION ALL
  SELECT
    leader_id
  FROM leaders__follow_ups AS follow_ups
  UNION ALL
  SELECT
    leader_id
  FROM leaders__customers AS customers
  UNION ALL
  SELECT
    leader_id
  FROM leaders__commissions AS commissions
  UNION ALL
  SELECT
    leader_id
  FROM leaders__onboarding AS onboarding
  UNION ALL
  SELECT
    credit_member_id AS leader_id
  FROM referral__qualification AS qualification
  WHERE
    close_month = :close_month
)
SELECT
  leader_id
FROM reasons
WHERE
  NOT leader_id IS NULL
GROUP BY
  leader_id
