-- One row per lead that the month's rotation gave to a leader or to the leader's delegate, with
-- whom to contact and until when (contract 3, leaders' packs; customer referral FAQ: whom the
-- leader has named). Who opted out is not named (contract 2.3).
-- grain: lead_id
-- keep: this month
-- unprinted: leader_id, contact_opt_out, contact_on
with
dealt as (
    select
        lead_id,
        coalesce(delegate_id, member_id) as leader_id,
    from referral.leads
    where close_month = $close_month and outcome = 'assigned'
),

asked as (
    select
        lead_id,
        requested_at + $contact_hours * interval 1 hour as contact_by,
    from extracts.leads
)

select
    dealt.leader_id,
    lead.lead_id,
    lead.requested_at,
    case when not coalesce(lead.contact_opt_out, false) then lead.name end as name,
    case when not coalesce(lead.contact_opt_out, false) then lead.email end as email,
    case when not coalesce(lead.contact_opt_out, false) then lead.phone end as phone,
    asked.contact_by,
    coalesce(lead.contact_opt_out, false) as contact_opt_out,
    cast(asked.contact_by + clock.offset_seconds * interval 1 second as date) as contact_on,
from dealt
join extracts.leads as lead on lead.lead_id = dealt.lead_id
join asked on asked.lead_id = dealt.lead_id
left join book.clock as clock
    on asked.contact_by >= clock.from_at and asked.contact_by < clock.to_at
