SELECT
  reversal.reversal_id,
  reversal.order_id,
  reversal.ran_id,
  reversal.reversed_at,
  reversal.amount,
  reversal.bv
FROM extracts__reversals AS reversal
ANTI JOIN extracts__returns AS authorised
  ON authorised.ran_id = reversal.ran_id AND authorised.order_id = reversal.order_id
WHERE
  reversal.kind = 'refund' AND reversal.posting_month = :close_month
