-- One row per partner, the most accounts that need help first.
-- grain: partner_id
select partner_id, registered, verified, funded, invested, paid_up, need_help,
    need_help as bar
from onboarding.funnel
where close_month = $month
order by need_help desc, registered desc, partner_id
