-- Staged text becomes typed rows. The first row of an event stands, the newest of a record.
truncate members;
insert into members
select
    staged.member_id, staged.member_type, lower(btrim(staged.email, E' \t\r\n')), staged.language,
    staged.country, sponsor.member_id, enroller.member_id, staged.business_id,
    staged.enrolled_on::date, array_position(policy.ranks, staged.rank) - 1,
    coalesce(staged.business_id, staged.member_id)
from staged_members as staged
cross join policy
left join staged_members as sponsor on sponsor.member_id = staged.sponsor_id
left join staged_members as enroller on enroller.member_id = staged.enroller_id;
analyze members;

insert into orders
select
    order_id, at, day, event_month, greatest(event_month, closing.month), channel, country,
    amount::numeric, bv::numeric,
    case channel when 'member' then buyer_id when 'sale' then seller_id end, false
from staged_orders
cross join lateral (select ordered_at::timestamptz as at) as instant
cross join lateral (select at::date as day) as business
cross join lateral (
    select (extract(year from day) * 12 + extract(month from day) - 1)::integer as event_month
) as posting
cross join closing
on conflict do nothing;

insert into reversals
select
    reversal_id, order_id, at, day, event_month, greatest(event_month, closing.month), kind,
    amount::numeric, bv::numeric
from staged_reversals
cross join lateral (select reversed_at::timestamptz as at) as instant
cross join lateral (select at::date as day) as business
cross join lateral (
    select (extract(year from day) * 12 + extract(month from day) - 1)::integer as event_month
) as posting
cross join closing
on conflict do nothing;

insert into reassignments
select order_id, member_id, at, day, event_month, greatest(event_month, closing.month)
from staged_reassignments
cross join lateral (select requested_at::timestamptz as at) as instant
cross join lateral (select at::date as day) as business
cross join lateral (
    select (extract(year from day) * 12 + extract(month from day) - 1)::integer as event_month
) as posting
cross join closing
on conflict do nothing;

insert into leads
select lead_id, at, day, event_month, greatest(event_month, closing.month), country
from staged_leads
cross join lateral (select requested_at::timestamptz as at) as instant
cross join lateral (select at::date as day) as business
cross join lateral (
    select (extract(year from day) * 12 + extract(month from day) - 1)::integer as event_month
) as posting
cross join closing
on conflict do nothing;

insert into paid_ranks
select member_id, week_start::date, array_position(policy.ranks, rank) - 1
from staged_paid_ranks
cross join policy
on conflict do nothing;

insert into holds
select hold_id, member_id, kind, starts_on::date, ends_on::date
from staged_holds
on conflict (hold_id) do update set
    member_id = excluded.member_id, kind = excluded.kind,
    starts_on = excluded.starts_on, ends_on = excluded.ends_on;

insert into delegates
select member_id, delegate_id, starts_on::date, ends_on::date
from staged_delegates
on conflict (member_id, starts_on) do update set
    delegate_id = excluded.delegate_id, ends_on = excluded.ends_on;
