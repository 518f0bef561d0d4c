SELECT
  placed.order_id,
  placed.ordered_at,
  placed.country,
  placed.bv,
  offer.benefits_month,
  COALESCE(
    offer.refusal,
    CASE WHEN credit.seat_id IS NULL THEN 'no_leader' ELSE 'assigned' END
  ) AS outcome,
  credit.seat_id,
  credit.member_id,
  CASE
    WHEN NOT credit.seat_id IS NULL
    THEN placed.ordered_at + :contact_hours * INTERVAL '1' HOUR
  END AS contact_by
FROM referral__offers AS offer
JOIN extracts__orders AS placed
  ON placed.order_id = offer.source_id
LEFT JOIN referral__credits AS credit
  ON credit.kind = offer.kind AND credit.source_id = offer.source_id
WHERE
  offer.kind = 'order'
