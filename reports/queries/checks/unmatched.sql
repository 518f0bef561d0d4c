-- One row per month: refunds that name no known RAN.
-- grain: the month
select count(*) as refunds
from returns.unmatched
where close_month = $month
