WITH credited AS (
  SELECT
    seat_id,
    member_id
  FROM (
    SELECT
      seat_id,
      member_id,
      ROW_NUMBER() OVER (PARTITION BY seat_id ORDER BY enrolled_on DESC, member_id DESC) AS _w
    FROM referral__centres AS centres
  ) AS _t
  WHERE
    _w = 1
), judged AS (
  SELECT
    candidate.seat_id,
    candidate.rank_level,
    candidate.weeks_paid,
    CAST((
      DATEDIFF(DAY, span.qualification_start, span.qualification_end) + 1
    ) DIV 7 AS INT) AS weeks,
    candidate.best_order_bv,
    candidate.enrolments,
    NOT COALESCE(hold.is_out_of_standing, FALSE) AS good_standing,
    COALESCE(hold.is_barred, FALSE) AS barred
  FROM referral__candidates AS candidate
  JOIN book__windows AS span
    ON span.month = :close_month
  LEFT JOIN referral__holds AS hold
    ON hold.seat_id = candidate.seat_id
), explained AS (
  SELECT
    seat_id,
    SUBSTRING(
      CONCAT(
        COALESCE(CASE WHEN weeks_paid < weeks THEN ';paid_rank' ELSE '' END, ''),
        COALESCE(
          CASE WHEN COALESCE(best_order_bv < :min_order_bv, TRUE) THEN ';order' ELSE '' END,
          ''
        ),
        COALESCE(CASE WHEN enrolments < :min_enrolments THEN ';enrolments' ELSE '' END, ''),
        COALESCE(CASE WHEN good_standing THEN '' ELSE ';standing' END, ''),
        COALESCE(CASE WHEN barred THEN ';barred' ELSE '' END, '')
      ),
      2
    ) AS reasons
  FROM judged
)
SELECT
  CAST(:close_month AS STRING) AS month,
  judged.seat_id,
  credited.member_id AS credit_member_id,
  ranking.rank,
  judged.weeks_paid,
  judged.weeks,
  judged.best_order_bv,
  judged.enrolments,
  judged.good_standing,
  judged.barred,
  explained.reasons = '' AS qualified,
  NULLIF(explained.reasons, '') AS reasons
FROM judged
JOIN explained
  ON explained.seat_id = judged.seat_id
JOIN credited
  ON credited.seat_id = judged.seat_id
JOIN book__ranks AS ranking
  ON ranking.level = judged.rank_level
