select * replace (clean_id(order_id) as order_id) from shop
