SELECT
  recipient.leader_id,
  volume.close_month AS month,
  volume.personal_bv,
  volume.group_bv
FROM finance__volume AS volume
JOIN leaders__recipients AS recipient
  ON recipient.leader_id = volume.member_id
WHERE
  volume.close_month >= SUBSTRING(CAST(CAST(:month_start - 11 * INTERVAL '1' MONTH AS DATE) AS STRING), 1, 7)
  AND volume.close_month <= :close_month
