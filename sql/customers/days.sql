-- One row per day as of which every customer's owner is asked: the month's end and, at the first
-- close of this programme, the day before the month (contract 3, previous_owner_id).
-- grain: day
-- keep: this month
select cast($month_end as date) as day
union all
select cast($month_start - interval 1 day as date) as day
where $last_subscriptions_month is null
