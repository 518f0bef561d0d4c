WITH seats AS (
  SELECT
    seat_id,
    MAX(rank_level) AS rank_level
  FROM referral__centres AS centres
  GROUP BY
    seat_id
  HAVING
    MAX(rank_level) >= :min_rank_level
), weeks AS (
  SELECT
    centre.seat_id,
    COUNT(DISTINCT paid.week_start) AS weeks_paid
  FROM extracts__paid_ranks AS paid
  JOIN referral__centres AS centre
    ON centre.member_id = paid.member_id
  JOIN book__ranks AS ranking
    ON ranking.rank = paid.rank AND ranking.level >= :min_rank_level
  JOIN book__windows AS span
    ON span.month = :close_month
    AND paid.week_start >= span.qualification_start
    AND paid.week_start <= span.qualification_end
  GROUP BY
    centre.seat_id
), purchases AS (
  SELECT
    centre.seat_id,
    MAX(placed.net_bv) AS best_order_bv
  FROM referral__window_orders AS placed
  JOIN referral__centres AS centre
    ON centre.member_id = placed.buyer_id
  GROUP BY
    centre.seat_id
), sponsored AS (
  SELECT
    seat_id,
    COUNT(*) AS enrolments
  FROM referral__enrolments AS enrolments
  GROUP BY
    seat_id
)
SELECT
  seats.seat_id,
  seats.rank_level,
  CAST(COALESCE(weeks.weeks_paid, 0) AS INT) AS weeks_paid,
  CAST(purchases.best_order_bv AS DECIMAL(18, 2)) AS best_order_bv,
  CAST(COALESCE(sponsored.enrolments, 0) AS INT) AS enrolments
FROM seats
LEFT JOIN weeks
  ON weeks.seat_id = seats.seat_id
LEFT JOIN purchases
  ON purchases.seat_id = seats.seat_id
LEFT JOIN sponsored
  ON sponsored.seat_id = seats.seat_id
