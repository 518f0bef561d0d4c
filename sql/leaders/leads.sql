-- One row per lead that the month's rotation gave to a leader or to the leader's delegate, with
-- whom to contact and until when (contract 3, leaders' packs; customer referral FAQ: whom the
-- leader has named). Who opted out is not named (contract 2.3).
-- grain: lead_id
-- keep: this month
-- unprinted: leader_id, contact_opt_out
select
    coalesce(dealt.delegate_id, dealt.member_id) as leader_id,
    lead.lead_id,
    lead.requested_at,
    case when not coalesce(lead.contact_opt_out, false) then lead.name end as name,
    case when not coalesce(lead.contact_opt_out, false) then lead.email end as email,
    case when not coalesce(lead.contact_opt_out, false) then lead.phone end as phone,
    lead.requested_at + $contact_hours * interval 1 hour as contact_by,
    coalesce(lead.contact_opt_out, false) as contact_opt_out,
from referral.leads as dealt
join extracts.leads as lead on lead.lead_id = dealt.lead_id
where dealt.close_month = $close_month and dealt.outcome = 'assigned'
