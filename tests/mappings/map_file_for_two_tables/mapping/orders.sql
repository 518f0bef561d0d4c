select order_id, ordered_at, channel, buyer_id, seller_id, customer_email, country, amount, currency, bv, source_file, source_line
from export where order_id is not null and line_no is null
