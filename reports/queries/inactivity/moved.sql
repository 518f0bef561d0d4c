-- One row per number of positions that members moved up past.
-- grain: levels_up
select levels_up, count(*) as members, count(*) filter (where new_sponsor_id is null) as roots,
    count(*) as bar
from inactivity.compression
where close_month = $month
group by levels_up
order by levels_up
