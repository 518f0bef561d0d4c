-- One row per party with news, the greatest net BV first.
-- grain: party_id
select party_id, consultant_id, held_on, orders, customers, net_bv, net_bv as bar
from customers.parties
where close_month = $month
order by net_bv desc, party_id
