-- One row per ledger entry, the largest first.
-- grain: posting_no
select posting_no, order_id, entry, source_id, coalesce(member_id, 'the house') as holder, bv,
    event_date, reason
from finance.bv_ledger
where close_month = $month
order by abs(bv) desc, posting_no
