-- One row per order by the month's end that belongs to a party, by its own party or by a link made
-- later, and whether the order or the link posts in the month (contract 2.8).
-- grain: order_id
-- keep: this month
with
-- An order that has a party is never linked to another: the link would be in the quarantine.
belonging as (
    select
        order_id,
        party_id,
        channel,
        buyer_id,
        customer_email,
        bv,
        coalesce(posting_month = $close_month, false) as is_news,
    from extracts.orders
    where ordered_on <= $month_end and party_id is not null
    union all
    select
        placed.order_id,
        link.party_id,
        placed.channel,
        placed.buyer_id,
        placed.customer_email,
        placed.bv,
        coalesce(placed.posting_month = $close_month, false)
        or coalesce(link.posting_month = $close_month, false) as is_news,
    from extracts.party_links as link
    join extracts.orders as placed on placed.order_id = link.order_id
    where
        placed.ordered_on <= $month_end
        and placed.party_id is null
        and link.linked_on <= $month_end
)

select
    belonging.order_id,
    belonging.party_id,
    belonging.is_news,
    case when belonging.channel = 'member' then belonging.buyer_id else belonging.customer_email end
        as customer,
    cast(belonging.bv - coalesce(reversed.bv, 0) as decimal(18, 2)) as net_bv,
from belonging
left join finance.reversed as reversed on reversed.order_id = belonging.order_id
