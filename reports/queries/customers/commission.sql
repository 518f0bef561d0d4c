-- One row per month of the trend: subscription commissions.
-- grain: close_month
select close_month, sum(commission) as commission
from finance.subscription_commissions
where close_month between $first and $month
group by close_month
