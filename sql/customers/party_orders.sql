-- One row per order by the month's end that belongs to a party, by its own party or by a link made
-- later, and whether the order or the link posts in the month (contract 2.8).
-- grain: order_id
-- keep: this month
select
    placed.order_id,
    coalesce(placed.party_id, link.party_id) as party_id,
    coalesce(placed.posting_month = $close_month, false)
    or coalesce(link.posting_month = $close_month, false) as is_news,
    case when placed.channel = 'member' then placed.buyer_id else placed.customer_email end
        as customer,
    cast(placed.bv - coalesce(reversed.bv, 0) as decimal(18, 2)) as net_bv,
from extracts.orders as placed
left join extracts.party_links as link
    on link.order_id = placed.order_id and link.linked_on <= $month_end
left join finance.reversed as reversed on reversed.order_id = placed.order_id
where
    placed.ordered_on <= $month_end
    and coalesce(placed.party_id, link.party_id) is not null
