WITH days AS (
  SELECT
    CAST(:month_end AS DATE) AS day
  UNION ALL
  SELECT
    CAST(:month_start - INTERVAL '1' DAY AS DATE) AS day
  WHERE
    :last_returns_month IS NULL
), dated AS (
  SELECT
    authorised.ran_id,
    authorised.order_id,
    days.day,
    authorised.reason,
    authorised.requested_on,
    authorised.delivered_on,
    CASE WHEN authorised.issued_on <= days.day THEN authorised.issued_on END AS issued_on,
    CASE WHEN authorised.received_on <= days.day THEN authorised.received_on END AS received_on,
    COALESCE(authorised.ran_displayed, FALSE) AS is_ran_displayed,
    COALESCE(authorised.proof_of_purchase, FALSE) AS has_proof_of_purchase
  FROM extracts__returns AS authorised
  JOIN days
    ON days.day >= authorised.requested_on
), delays AS (
  SELECT
    dated.ran_id,
    dated.order_id,
    dated.day,
    dated.reason,
    dated.requested_on,
    placed.currency,
    NOT dated.issued_on IS NULL AS is_issued,
    NOT dated.received_on IS NULL AS is_received,
    dated.is_ran_displayed,
    dated.has_proof_of_purchase,
    asked.passed - delivered.passed AS business_days,
    DATEDIFF(DAY, dated.delivered_on, dated.requested_on) AS days,
    DATEDIFF(DAY, dated.issued_on, COALESCE(dated.received_on, dated.day)) AS ran_days
  FROM dated
  JOIN extracts__orders AS placed
    ON placed.order_id = dated.order_id
  LEFT JOIN book__business_days AS delivered
    ON delivered.country = placed.country AND delivered.day = dated.delivered_on
  LEFT JOIN book__business_days AS asked
    ON asked.country = placed.country AND asked.day = dated.requested_on
), judged AS (
  SELECT
    ran_id,
    order_id,
    requested_on,
    currency,
    day,
    CASE
      WHEN reason IN ('damaged_in_transit', 'sent_in_error')
      AND business_days > :notice_business_days
      THEN 'refused late_notice'
      WHEN reason IN ('wrong_choice', 'changed_mind') AND days > :guarantee_days
      THEN 'refused outside_guarantee'
      WHEN reason IN ('damaged_in_transit', 'sent_in_error', 'faulty')
      THEN 'accepted  replacement'
      WHEN NOT is_issued
      THEN 'requested'
      WHEN ran_days > :ran_days
      THEN 'void not_received_in_time'
      WHEN NOT is_received
      THEN 'awaiting_goods'
      WHEN NOT is_ran_displayed
      THEN 'void ran_not_displayed'
      WHEN NOT has_proof_of_purchase
      THEN 'void no_proof_of_purchase'
      ELSE 'accepted  refund'
    END AS outcome
  FROM delays
)
SELECT
  ran_id,
  order_id,
  requested_on,
  currency,
  day,
  SPLIT_PART(outcome, ' ', 1) AS status,
  NULLIF(SPLIT_PART(outcome, ' ', 2), '') AS status_reason,
  NULLIF(SPLIT_PART(outcome, ' ', 3), '') AS remedy
FROM judged
