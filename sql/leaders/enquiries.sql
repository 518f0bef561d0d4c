-- One row per person who asked for information and whom a leader is to contact by a day: the leads
-- that came to the leader from one address, or else one number, and are due on one day are one
-- contact. Who opted out is to be left alone: a row a lead (contract 3, leaders' packs).
-- grain: leader_id, person, contact_on
-- keep: this month
select
    leader_id,
    coalesce(email, phone, lead_id) as person,
    contact_on,
    max(name) as name,
    max(email) as email,
    max(phone) as phone,
    min(requested_at) as requested_at,
    min(contact_by) as contact_by,
    string_agg(lead_id, ', ' order by lead_id) as leads,
    case
        when max(case when contact_opt_out then 1 else 0 end) = 1 then 'barred'
        when contact_on <= $month_end then 'past'
        else 'open'
    end as state,
from leaders.leads
group by leader_id, coalesce(email, phone, lead_id), contact_on
