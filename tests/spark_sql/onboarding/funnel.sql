SELECT
  account.partner_id,
  CAST(COUNT(*) AS INT) AS registered,
  CAST(COUNT(account.verified_on) AS INT) AS verified,
  CAST(COUNT(balance.last_top_up_on) AS INT) AS funded,
  CAST(COUNT(*) FILTER(WHERE
    account.invested > 0) AS INT) AS invested,
  CAST(COUNT(*) FILTER(WHERE
    account.stage = 'paid_up') AS INT) AS paid_up,
  CAST(COUNT(account.help) AS INT) AS need_help
FROM onboarding__accounts AS account
LEFT JOIN onboarding__balances AS balance
  ON balance.account_id = account.account_id
WHERE
  account.close_month = :close_month
GROUP BY
  account.partner_id
