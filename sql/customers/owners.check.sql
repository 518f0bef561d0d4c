-- A customer has one owner at most (contract 2.8).
select
    min(owner_id) as first_owner_id,
    max(owner_id) as last_owner_id,
    count(*) as owners,
from customers.owners
where close_month = $close_month
group by customer_email
having count(*) > 1
