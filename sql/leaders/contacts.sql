-- One row per person from the web shop whom a leader is to contact by a day: the retail orders that
-- came to the leader from one customer and are due on one day are one contact. Who opted out is to
-- be left alone: a row an order, with nobody's name (contract 3, leaders' packs; contract 2.3).
-- grain: leader_id, person, contact_on
-- keep: this month
select
    leader_id,
    coalesce(customer_email, order_id) as person,
    contact_on,
    max(customer_name) as customer_name,
    max(customer_email) as customer_email,
    max(customer_phone) as customer_phone,
    min(ordered_at) as ordered_at,
    min(contact_by) as contact_by,
    cast(sum(bv) as decimal(38, 2)) as bv,
    string_agg(order_id, ', ' order by order_id) as orders,
    max(case when is_moved then 1 else 0 end) = 1 as is_moved,
    case
        when max(case when contact_opt_out then 1 else 0 end) = 1 then 'barred'
        when contact_on <= $month_end then 'past'
        else 'open'
    end as state,
from leaders.referrals
group by leader_id, coalesce(customer_email, order_id), contact_on
