-- One row per product returned, the most pieces accepted first.
-- grain: product_code
select product_code, count(*) as returns, sum(authorised) as authorised,
    sum(received) as received, sum(accepted) as accepted, sum(accepted) as bar,
    sum(returned_to_sender) as returned_to_sender
from returns.lines
where close_month = $month
group by product_code
order by accepted desc, product_code
