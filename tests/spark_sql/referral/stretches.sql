WITH changes AS (
  SELECT
    span.month AS benefits_month,
    span.benefits_start AS from_on
  FROM book__windows AS span
  SEMI JOIN referral__offers AS offer
    ON offer.benefits_month = span.month AND offer.refusal IS NULL
  UNION ALL
  SELECT
    benefits_month,
    starts_on AS from_on
  FROM referral__seat_holds AS seat_holds
  UNION ALL
  SELECT
    benefits_month,
    CAST(ends_on + INTERVAL '1' DAY AS DATE) AS from_on
  FROM referral__seat_holds AS seat_holds
  WHERE
    NOT ends_on IS NULL
), starts AS (
  SELECT DISTINCT
    changes.benefits_month,
    changes.from_on,
    span.benefits_end
  FROM changes
  JOIN book__windows AS span
    ON span.month = changes.benefits_month
    AND changes.from_on >= span.benefits_start
    AND changes.from_on <= span.benefits_end
)
SELECT
  benefits_month,
  from_on,
  COALESCE(
    CAST(LEAD(from_on) OVER (PARTITION BY benefits_month ORDER BY from_on NULLS LAST) - INTERVAL '1' DAY AS DATE),
    benefits_end
  ) AS to_on
FROM starts
