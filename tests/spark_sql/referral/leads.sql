WITH named AS (
  SELECT
    source_id,
    delegate_id
  FROM (
    SELECT
      credit.source_id,
      delegate.delegate_id,
      ROW_NUMBER() OVER (PARTITION BY credit.source_id ORDER BY delegate.starts_on DESC) AS _w
    FROM referral__credits AS credit
    JOIN referral__offers AS offer
      ON offer.kind = credit.kind AND offer.source_id = credit.source_id
    JOIN extracts__delegates AS delegate
      ON delegate.member_id = credit.member_id
      AND delegate.starts_on <= offer.offered_on
      AND COALESCE(delegate.ends_on, offer.offered_on) >= offer.offered_on
    JOIN extracts__members AS present
      ON present.member_id = delegate.delegate_id
    WHERE
      credit.kind = 'lead'
  ) AS _t
  WHERE
    _w = 1
)
SELECT
  lead.lead_id,
  lead.requested_at,
  lead.country,
  offer.benefits_month,
  COALESCE(
    offer.refusal,
    CASE WHEN credit.seat_id IS NULL THEN 'no_leader' ELSE 'assigned' END
  ) AS outcome,
  credit.seat_id,
  credit.member_id,
  named.delegate_id
FROM referral__offers AS offer
JOIN extracts__leads AS lead
  ON lead.lead_id = offer.source_id
LEFT JOIN referral__credits AS credit
  ON credit.kind = offer.kind AND credit.source_id = offer.source_id
LEFT JOIN named
  ON named.source_id = lead.lead_id
WHERE
  offer.kind = 'lead'
