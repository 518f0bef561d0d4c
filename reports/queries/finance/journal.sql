-- One row per line of the journal, in its order.
-- grain: line_no
select line_no, document, account, party_id as consultant_id, currency, debit, credit
from finance.journal
where close_month = $month
order by line_no
