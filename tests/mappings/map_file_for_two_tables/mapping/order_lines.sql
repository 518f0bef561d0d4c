select order_id, line_no, product_code, quantity, amount, bv, source_file, source_line
from export where line_no is not null
