WITH posted AS (
  SELECT
    'order' AS kind,
    order_id AS source_id,
    ordered_at AS offered_at,
    ordered_on AS offered_on,
    country
  FROM extracts__orders AS orders
  WHERE
    channel = 'retail' AND posting_month = :close_month
  UNION ALL
  SELECT
    'lead' AS kind,
    lead_id AS source_id,
    requested_at AS offered_at,
    requested_on AS offered_on,
    country
  FROM extracts__leads AS leads
  WHERE
    posting_month = :close_month
)
SELECT
  posted.kind,
  posted.source_id,
  posted.offered_at,
  posted.offered_on,
  posted.country,
  span.month AS benefits_month,
  CASE
    WHEN open_country.country IS NULL
    THEN 'outside_countries'
    WHEN span.month IS NULL
    THEN 'outside_benefits'
  END AS refusal
FROM posted
LEFT JOIN book__referral_countries AS open_country
  ON open_country.country = posted.country
LEFT JOIN book__windows AS span
  ON posted.offered_on >= span.benefits_start
  AND posted.offered_on <= span.benefits_end
