SELECT
  month,
  qualification_start,
  qualification_end,
  benefits_start,
  benefits_end
FROM (
  SELECT
    month,
    qualification_start,
    qualification_end,
    benefits_start,
    benefits_end,
    ROW_NUMBER() OVER (ORDER BY month NULLS LAST) AS _w
  FROM book__windows AS windows
  WHERE
    month > :close_month
) AS _t
WHERE
  _w = 1
