WITH opened AS (
  SELECT
    kind,
    source_id,
    member_id
  FROM (
    SELECT
      deal.kind,
      deal.source_id,
      centre.member_id,
      ROW_NUMBER() OVER (
        PARTITION BY deal.kind, deal.source_id
        ORDER BY centre.enrolled_on DESC, centre.member_id DESC
      ) AS _w
    FROM referral__deals AS deal
    JOIN referral__offers AS offer
      ON offer.kind = deal.kind AND offer.source_id = deal.source_id
    JOIN referral__centres AS centre
      ON centre.seat_id = deal.seat_id AND centre.enrolled_on <= offer.offered_on
    WHERE
      deal.close_month = :close_month
  ) AS _t
  WHERE
    _w = 1
)
SELECT
  deal.kind,
  deal.source_id,
  deal.seat_id,
  COALESCE(opened.member_id, qualification.credit_member_id) AS member_id
FROM referral__deals AS deal
JOIN referral__offers AS offer
  ON offer.kind = deal.kind AND offer.source_id = deal.source_id
JOIN referral__qualification AS qualification
  ON qualification.close_month = offer.benefits_month
  AND qualification.seat_id = deal.seat_id
LEFT JOIN opened
  ON opened.kind = deal.kind AND opened.source_id = deal.source_id
WHERE
  deal.close_month = :close_month
