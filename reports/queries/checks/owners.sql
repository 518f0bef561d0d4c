-- One row per month: customers with an owner, and with another one than before.
-- grain: the month
select count(*) as customers, count(previous_owner_id) as moved
from customers.owners
where close_month = $month
