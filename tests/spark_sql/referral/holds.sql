SELECT
  centre.seat_id,
  COUNT(*) FILTER(WHERE
    hold.kind = 'standing'
    AND hold.starts_on <= span.qualification_end
    AND COALESCE(hold.ends_on, span.qualification_end) >= span.qualification_start) > 0 AS is_out_of_standing,
  COUNT(*) FILTER(WHERE
    hold.kind = 'referral'
    AND hold.starts_on <= span.benefits_start
    AND COALESCE(hold.ends_on, span.benefits_start) >= span.benefits_start) > 0 AS is_barred
FROM extracts__holds AS hold
JOIN referral__centres AS centre
  ON centre.member_id = hold.member_id
JOIN book__windows AS span
  ON span.month = :close_month
GROUP BY
  centre.seat_id
