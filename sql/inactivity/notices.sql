-- One row per new flag and person to tell: the holder of the record, and its enroller if that is
-- another member who is not gone (contract 2.6; inactive record notice).
-- grain: member_id, role
-- report: by member_id, role
with
new_flags as (
    select
        member_id,
        enroller_id,
        notice_on,
        deadline,
    from inactivity.flagged
    where close_month = $close_month and new
),

recipients as (
    select
        member_id,
        member_id as recipient_id,
        'holder' as role,
        notice_on,
        deadline,
    from new_flags
    union all
    select
        flag.member_id,
        flag.enroller_id as recipient_id,
        'enroller' as role,
        flag.notice_on,
        flag.deadline,
    from new_flags as flag
    anti join inactivity.gone as gone on gone.member_id = flag.enroller_id
    where flag.enroller_id <> flag.member_id
)

select
    recipient.member_id,
    recipient.recipient_id,
    recipient.role,
    member.language,
    member.email,
    recipient.notice_on,
    recipient.deadline,
from recipients as recipient
join extracts.members as member on member.member_id = recipient.recipient_id
