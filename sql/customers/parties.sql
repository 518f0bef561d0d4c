-- One row per party with news in the month, held or given an order: what was ordered at it so far,
-- cancelled orders too (contract 2.8; article on adding customers: orders linked to a party).
-- A party posts like an event: in the month it is held, or first known if that is later.
-- grain: party_id
-- report: by party_id
with
known as (
    select
        party_id,
        min(drop_month) as first_month,
    from drops.parties
    group by party_id
),

ordered as (
    select
        party_id,
        count(*) as orders,
        count(distinct customer) as customers,
        sum(net_bv) as net_bv,
        count(*) filter (where is_news) > 0 as is_news,
    from customers.party_orders
    group by party_id
)

select
    party.party_id,
    party.consultant_id,
    party.held_on,
    cast(coalesce(ordered.orders, 0) as integer) as orders,
    cast(coalesce(ordered.customers, 0) as integer) as customers,
    cast(coalesce(ordered.net_bv, 0) as decimal(38, 2)) as net_bv,
from extracts.parties as party
join known on known.party_id = party.party_id
left join ordered on ordered.party_id = party.party_id
where
    coalesce(ordered.is_news, false)
    or (
        greatest(substr(cast(party.held_on as varchar), 1, 7), known.first_month) = $close_month
        and substr(cast(party.held_on as varchar), 1, 7) >= $opening_month
    )
