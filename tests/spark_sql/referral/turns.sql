WITH served AS (
  SELECT
    COALESCE(MAX(deal_no), 0) AS deals_so_far
  FROM referral__queue AS queue
  WHERE
    close_month = :last_referral_month
), placed AS (
  SELECT
    offer.kind,
    offer.source_id,
    stretch.from_on,
    ROW_NUMBER() OVER (
      ORDER BY offer.kind NULLS LAST, offer.benefits_month NULLS LAST, offer.offered_at NULLS LAST, offer.source_id NULLS LAST
    ) AS turn_no,
    COALESCE(
      LAG(stretch.from_on) OVER (
        PARTITION BY offer.kind
        ORDER BY offer.benefits_month NULLS LAST, offer.offered_at NULLS LAST, offer.source_id NULLS LAST
      ) <> stretch.from_on,
      TRUE
    ) AS is_change
  FROM referral__offers AS offer
  JOIN referral__stretches AS stretch
    ON stretch.benefits_month = offer.benefits_month
    AND offer.offered_on >= stretch.from_on
    AND offer.offered_on <= stretch.to_on
  WHERE
    offer.refusal IS NULL
)
SELECT
  placed.kind,
  placed.source_id,
  placed.from_on,
  CAST(served.deals_so_far + placed.turn_no AS BIGINT) AS deal_no,
  CAST(SUM(CASE WHEN placed.is_change THEN 1 ELSE 0 END) OVER (
    ORDER BY placed.turn_no NULLS LAST
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  ) AS INT) AS run_no
FROM placed
CROSS JOIN served
