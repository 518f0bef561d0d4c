WITH commissions AS (
  SELECT
    consultant_id AS member_id,
    SUM(commission) AS commission
  FROM finance__subscription_commissions AS subscription_commissions
  WHERE
    close_month = :previous_month AND NOT consultant_id IS NULL
  GROUP BY
    consultant_id
)
SELECT
  recipient.leader_id,
  CAST(CASE WHEN :close_month > :opening_month THEN COALESCE(volume.personal_bv, 0) END AS DECIMAL(38, 2)) AS personal_bv,
  CAST(CASE WHEN :close_month > :opening_month THEN COALESCE(volume.group_bv, 0) END AS DECIMAL(38, 2)) AS group_bv,
  CAST(CASE WHEN :close_month > :opening_month THEN COALESCE(volume.payline_bv, 0) END AS DECIMAL(38, 2)) AS payline_bv,
  CAST(CASE
    WHEN :last_subscriptions_month = :previous_month
    THEN COALESCE(earned.commission, 0)
  END AS DECIMAL(38, 2)) AS commission
FROM leaders__recipients AS recipient
LEFT JOIN finance__volume AS volume
  ON volume.member_id = recipient.leader_id AND volume.close_month = :previous_month
LEFT JOIN commissions AS earned
  ON earned.member_id = recipient.leader_id
