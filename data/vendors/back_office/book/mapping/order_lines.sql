select
    details.OrderID as order_id,
    OrderLine as line_no,
    ItemCode as product_code,
    -- pieces have four places as well
    cast(cast(Quantity as decimal(18, 4)) as integer) as quantity,
    cast(PriceTotal as decimal(18, 4))::decimal(18, 2) as amount,
    cast(BusinessVolume as decimal(18, 4))::decimal(18, 2) as bv,
    details.source_file, details.source_line,
from details join head on head.OrderID = details.OrderID
where OrderStatusID in ('7', '8', '9') and OrderTypeID <> '9'
