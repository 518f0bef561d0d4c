-- A customer has one owner at most (contract 2.8).
select
    customer_email,
    count(*) as owners,
from customers.owners
where close_month = $close_month
group by customer_email
having count(*) > 1
