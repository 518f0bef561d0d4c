-- One row per main figure of the finance page and month of the trend.
-- grain: figure, month
select 'net' as figure, close_month as month,
    cast(sum(bv) as decimal(38, 2)) as value
from finance.reconciliation
where close_month between $first and $month and line = 'net'
group by close_month
union all
select 'posted' as figure, close_month as month,
    cast(sum(bv) as decimal(38, 2)) as value
from finance.reconciliation
where close_month between $first and $month and line = 'orders_posted'
group by close_month
union all
select 'taken_back' as figure, close_month as month,
    cast(sum(bv) as decimal(38, 2)) as value
from finance.reconciliation
where close_month between $first and $month and line = 'reversals_posted'
group by close_month
union all
select 'house' as figure, close_month as month,
    cast(sum(bv) as decimal(38, 2)) as value
from finance.reconciliation
where close_month between $first and $month and line = 'house_credits'
group by close_month
union all
select 'members' as figure, close_month as month,
    cast(count(member_id) as decimal(38, 2)) as value
from finance.statements
where close_month between $first and $month
group by close_month
