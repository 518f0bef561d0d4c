-- One row per line of the reconciliation.
-- grain: line
select line, bv
from finance.reconciliation
where close_month = $of_month
