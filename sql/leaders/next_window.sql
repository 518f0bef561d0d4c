-- One row per window that comes next after the month's, at most one: what it takes to take part in
-- it is on the page of who may (contract 2.2, leaders' packs).
-- grain: month
-- keep: this month
select
    month,
    qualification_start,
    qualification_end,
    benefits_start,
    benefits_end,
from book.windows
where month > $close_month
qualify row_number() over (order by month) = 1
