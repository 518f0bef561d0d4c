-- Section 6: last activity, flags, removals, compression, effect.
create temporary table markets_now on commit drop as
select
    country, notice_on, first_flag_month,
    case
        when grace_days is null then (last_day + 1 + interval '1 month')::date - 1
        else notice_on + grace_days
    end as deadline
from (
    select
        countries.country, grace_days, last_day,
        last_day + coalesce(notice_day, 1) as notice_on,
        coalesce(markets.first_flag_month, policy.first_flag_month) as first_flag_month
    from (select distinct country from members) as countries
    left join markets using (country)
    cross join policy
    cross join closing
) as market;

-- Not temporary, as the tables below, so that several processes may scan them.
truncate cancelled;
insert into cancelled
select order_id
from reversals
join orders using (order_id)
join closing on reversals.day <= last_day
group by order_id, orders.amount
having sum(reversals.amount) = orders.amount;
analyze cancelled;

truncate bounds;
insert into bounds
select ((last_day + 1) - inactive_months * interval '1 month')::date as cutoff, last_day
from policy, closing;

create temporary table recent on commit drop as
select channel, holder
from orders
where
    day >= (select cutoff from bounds) and day <= (select last_day from bounds)
    and amount > 0 and holder is not null
    and not exists (select from cancelled where cancelled.order_id = orders.order_id)
group by channel, holder;

create temporary table recently_active on commit drop as
select member_id
from (
    select holder as member_id from recent
    union all
    select sponsor.member_id
    from recent
    join members as customer
        on customer.member_id = recent.holder and customer.member_type = 'preferred_customer'
    join members as sponsor
        on sponsor.member_id = customer.sponsor_id and sponsor.member_type = 'associate'
    where recent.channel = 'member'
    union all
    select member_id
    from members
    join bounds on enrolled_on between cutoff and last_day
) as actors
group by member_id;
create index on recently_active (member_id);
analyze recently_active;

create temporary table asked on commit drop as
select member_id
from members
where
    member_id not in (select member_id from recently_active)
    or member_id in (select member_id from removals);
create index on asked (member_id);
analyze asked;

create temporary table activity on commit drop as
with customers as (
    select customer.member_id, customer.sponsor_id
    from asked
    join members as sponsor using (member_id)
    join members as customer on customer.sponsor_id = sponsor.member_id
    where sponsor.member_type = 'associate' and customer.member_type = 'preferred_customer'
),
actors as (
    select member_id as holder, member_id, false as is_customer from asked
    union all
    select member_id, sponsor_id, true from customers
),
dated as (
    select actors.member_id, orders.day
    from orders
    join actors using (holder)
    where
        orders.amount > 0
        and orders.day <= (select last_day from bounds)
        and (orders.channel = 'member' or not is_customer)
        and not exists (select from cancelled where cancelled.order_id = orders.order_id)
    union all
    select member_id, enrolled_on
    from asked
    join members using (member_id)
    join bounds on enrolled_on <= last_day
)
select member_id, max(day) as last_on
from dated
where member_id is not null
group by member_id;
create index on activity (member_id);
analyze activity;

delete from removals
using activity, members
where
    activity.member_id = removals.member_id and members.member_id = removals.member_id
    and extract(year from last_on) * 12 + extract(month from last_on) - 1 > removals.month;

create temporary table still_present on commit drop as
select member_id, month from removals join members using (member_id);

create temporary table inactive on commit drop as
select member_id, last_on
from activity
join members using (member_id)
join bounds on last_on < cutoff
cross join policy
where member_id <> all (exempt) and member_id not in (select member_id from still_present);

create temporary table removed on commit drop as
select member_id, inactive.last_on, flagged_on, notice_on, deadline
from inactive
join flags using (member_id)
join closing on deadline <= last_day;

create temporary table flags_now on commit drop as
select member_id, inactive.last_on, flagged_on, notice_on, deadline, false as is_new
from inactive
join flags using (member_id)
join closing on deadline > last_day
union all
select member_id, last_on, last_day + 1, markets_now.notice_on, markets_now.deadline, true
from inactive
join members using (member_id)
join markets_now using (country)
join closing on closing.month >= first_flag_month
where member_id not in (select member_id from flags);

truncate flags;
insert into flags select * from flags_now;
insert into removals
select member_id, month
from removed
cross join closing
on conflict (member_id) do update set month = excluded.month;

create temporary table gone on commit drop as
select member_id from still_present union select member_id from removed;
create index on gone (member_id);
analyze gone;

create temporary table compression on commit drop as
with recursive climb as (
    select members.member_id, members.sponsor_id as old_sponsor_id, above.sponsor_id, 1 as passed
    from gone
    join members on members.sponsor_id = gone.member_id
    join members as above on above.member_id = gone.member_id
    where members.member_id not in (select member_id from gone)
    union all
    select climb.member_id, old_sponsor_id, above.sponsor_id, passed + 1
    from climb
    join gone on gone.member_id = climb.sponsor_id
    join members as above on above.member_id = climb.sponsor_id
)
select distinct on (member_id) member_id, old_sponsor_id, sponsor_id as new_sponsor_id, passed
from climb
order by member_id, passed desc;
create index on compression (member_id);
analyze compression;

create temporary table line_after on commit drop as
select
    members.member_id, member_type,
    case when passed is null then members.sponsor_id else new_sponsor_id end as sponsor_id
from members
left join compression using (member_id)
where members.member_id not in (select member_id from gone);
create index on line_after (member_id);
analyze line_after;

create temporary table effect on commit drop as
with recursive line as (
    select line_after.sponsor_id as ancestor_id, 1 as level, bv
    from personal
    join line_after using (member_id)
    where line_after.sponsor_id is not null and bv <> 0
    union all
    select line_after.sponsor_id, level + 1, bv
    from line
    join line_after on line_after.member_id = line.ancestor_id
    where level < (select pay_levels from policy) and line_after.sponsor_id is not null
),
after_volumes as (
    select ancestor_id as member_id, sum(bv) as payline_bv from line group by ancestor_id
),
legs_before as (
    select sponsor_id as member_id, count(*) as legs
    from members
    where member_type = 'associate' group by sponsor_id
),
legs_after as (
    select sponsor_id as member_id, count(*) as legs
    from line_after
    where member_type = 'associate' group by sponsor_id
)
select
    member_id, coalesce(legs_before.legs, 0) as legs_before,
    coalesce(legs_after.legs, 0) as legs_after,
    coalesce(volumes.payline_bv, 0) as payline_before,
    coalesce(after_volumes.payline_bv, 0) as payline_after
from line_after
left join legs_before using (member_id)
left join legs_after using (member_id)
left join volumes using (member_id)
left join after_volumes using (member_id)
where
    coalesce(legs_before.legs, 0) <> coalesce(legs_after.legs, 0)
    or coalesce(volumes.payline_bv, 0) <> coalesce(after_volumes.payline_bv, 0);
