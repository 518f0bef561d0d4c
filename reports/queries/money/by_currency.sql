-- One row per currency and line of the month's money.
-- grain: currency, line
-- Documents and amount, the amount since the year began, and of the same month a year ago; what
-- is due at a month's end is not added up.
with
amounts as (
    select close_month as month, currency, 'orders_posted' as line, orders as documents, amount
    from finance.sales
    union all
    select close_month as month, currency, 'reversals_posted' as line, reversals as documents,
        amount_reversed as amount
    from finance.sales
    union all
    select close_month as month, currency, 'net_sales' as line, null as documents,
        net_amount as amount
    from finance.sales
    union all
    select refund.close_month as month, coalesce(taken_back.currency, 'unknown') as currency,
        'refunds_without_ran' as line, 1 as documents, refund.amount
    from returns.unmatched as refund
    left join extracts.orders as taken_back on taken_back.order_id = refund.order_id
    union all
    select close_month as month, currency,
        case when difference > 0 then 'refunds_still_due' else 'refunds_beyond_due' end as line,
        1 as documents, abs(difference) as amount
    from returns.decisions
    where difference <> 0
    union all
    select bad.drop_month as month, coalesce(bad.currency, named.currency, 'unknown') as currency,
        bad."table" || '_left_out' as line, 1 as documents, bad.amount
    from quality.quarantined_money as bad
    left join extracts.orders as named on named.order_id = bad.order_id
    where bad."table" in ('orders', 'reversals')
    union all
    select close_month as month, $currency as currency,
        case when consultant_id is null then 'billed_untied' else 'billed_tied' end as line,
        1 as documents, amount
    from finance.subscription_commissions
    union all
    select close_month as month, $currency as currency, 'commissions' as line,
        1 as documents, commission as amount
    from finance.subscription_commissions
    where consultant_id is not null
),

told as (
    select currency, line,
        coalesce(sum(documents) filter (where month = $month), 0) as documents,
        coalesce(sum(amount) filter (where month = $month), 0) as amount,
        coalesce(sum(amount) filter (where month between $year_first and $month), 0)
            as year_to_date,
        coalesce(sum(amount) filter (where month = $year_ago), 0) as year_ago
    from amounts
    where month between $year_ago and $month
    group by currency, line
)

select currency, line, case when line <> 'net_sales' then documents end as documents, amount,
    case when line not in ('refunds_still_due', 'refunds_beyond_due') then year_to_date end
        as year_to_date,
    year_ago
from told
where documents > 0 or amount <> 0 or year_to_date <> 0 or year_ago <> 0
order by currency, list_position(
    ['orders_posted', 'reversals_posted', 'net_sales', 'refunds_without_ran', 'refunds_still_due',
     'refunds_beyond_due', 'orders_left_out', 'reversals_left_out', 'billed_tied',
     'billed_untied', 'commissions'], line)
