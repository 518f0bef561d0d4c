-- One row per month: accounts by how far they have come.
-- grain: the month
select
    coalesce(sum(registered), 0) as registered, coalesce(sum(verified), 0) as verified,
    coalesce(sum(funded), 0) as funded, coalesce(sum(invested), 0) as invested,
    coalesce(sum(paid_up), 0) as paid_up, coalesce(sum(need_help), 0) as need_help
from onboarding.funnel
where close_month = $month
