-- One row per seal of the month before, at most one.
-- grain: the month
select seal
from book.closes
where close_month = $before
