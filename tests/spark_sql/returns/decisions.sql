WITH explained AS (
  SELECT
    state.ran_id,
    CASE
      WHEN state.is_news
      THEN 'changed'
      WHEN state.status IN ('requested', 'awaiting_goods')
      THEN 'open'
      WHEN COALESCE(refund.refund_due, 0) <> COALESCE(refund.refund_made, 0)
      THEN 'unsettled'
    END AS listed_for,
    COALESCE(refund.refund_due, 0) AS refund_due,
    COALESCE(refund.bv_due, 0) AS bv_due,
    COALESCE(refund.refund_made, 0) AS refund_made
  FROM returns__statuses AS state
  LEFT JOIN returns__refunds AS refund
    ON refund.ran_id = state.ran_id
  WHERE
    state.close_month = :close_month
)
SELECT
  state.ran_id,
  state.order_id,
  authorised.reason,
  state.requested_on,
  state.status,
  state.status_reason,
  state.remedy,
  CAST(explained.refund_due AS DECIMAL(38, 2)) AS refund_due,
  judged.currency,
  CAST(explained.bv_due AS DECIMAL(38, 2)) AS bv_due,
  CAST(explained.refund_made AS DECIMAL(38, 2)) AS refund_made,
  CAST(explained.refund_due - explained.refund_made AS DECIMAL(38, 2)) AS difference,
  explained.listed_for
FROM explained
JOIN returns__statuses AS state
  ON state.ran_id = explained.ran_id AND state.close_month = :close_month
JOIN extracts__returns AS authorised
  ON authorised.ran_id = state.ran_id
JOIN returns__judgements AS judged
  ON judged.ran_id = state.ran_id AND judged.day = :month_end
WHERE
  NOT explained.listed_for IS NULL
