-- One row per window whose month this is, at most one.
-- grain: the month
select qualification_start, qualification_end, benefits_start, benefits_end
from book.windows
where month = $month
