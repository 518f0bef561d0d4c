-- One row per month of the trend: its net BV.
-- grain: close_month
select close_month, bv
from finance.reconciliation
where line = 'net' and close_month between $first and $month
