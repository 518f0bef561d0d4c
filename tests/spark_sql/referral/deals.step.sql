WITH run AS (
  SELECT
    kind,
    source_id,
    from_on,
    deal_no,
    ROW_NUMBER() OVER (ORDER BY deal_no NULLS LAST) - 1 AS place
  FROM referral__turns AS turns
  WHERE
    run_no = :round
), eligible AS (
  SELECT
    opening.kind,
    qualification.seat_id
  FROM run AS opening
  JOIN referral__stretches AS stretch
    ON stretch.from_on = opening.from_on
  JOIN referral__qualification AS qualification
    ON qualification.close_month = stretch.benefits_month AND qualification.qualified
  ANTI JOIN referral__seat_holds AS hold
    ON hold.benefits_month = stretch.benefits_month
    AND hold.seat_id = qualification.seat_id
    AND hold.starts_on <= opening.from_on
    AND COALESCE(hold.ends_on, opening.from_on) >= opening.from_on
  WHERE
    opening.place = 0
), services AS (
  SELECT
    kind,
    seat_id,
    deal_no
  FROM referral__queue AS queue
  WHERE
    close_month = :last_referral_month
  UNION ALL
  SELECT
    kind,
    seat_id,
    deal_no
  FROM referral__deals AS deals
  WHERE
    close_month = :close_month
), queue AS (
  SELECT
    eligible.seat_id,
    ROW_NUMBER() OVER (ORDER BY MAX(services.deal_no), eligible.seat_id NULLS LAST) - 1 AS place
  FROM eligible
  LEFT JOIN services
    ON services.kind = eligible.kind AND services.seat_id = eligible.seat_id
  GROUP BY
    eligible.seat_id
), seated AS (
  SELECT
    run.kind,
    run.source_id,
    run.deal_no,
    run.place % NULLIF(size.seats, 0) AS place
  FROM run
  CROSS JOIN (
    SELECT
      COUNT(*) AS seats
    FROM eligible
  ) AS size
)
SELECT
  seated.kind,
  seated.source_id,
  queue.seat_id,
  seated.deal_no
FROM seated
JOIN queue
  ON queue.place = seated.place
