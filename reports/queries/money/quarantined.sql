-- One row per table and currency of money that quarantined rows name, as far as it can be read.
-- grain: table, currency
select
    bad."table",
    coalesce(
        bad.currency, named.currency,
        case when bad."table" in ('billings', 'payments') then $currency end, 'unknown'
    ) as currency,
    count(*) as rows,
    count(*) filter (where bad.amount is null) as unreadable,
    coalesce(sum(bad.amount), 0) as amount,
from quality.quarantined_money as bad
left join extracts.orders as named on named.order_id = bad.order_id
where bad.drop_month = $month
group by 1, 2
order by 1, 2
