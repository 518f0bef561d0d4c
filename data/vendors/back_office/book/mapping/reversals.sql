-- a return is an order with negative figures, which names the one that it takes back
select
    OrderID as reversal_id,
    ReturnOrderID as order_id,
    to_time(OrderDate, '%Y-%m-%d %H:%M:%S.%f') as reversed_at,
    'refund' as kind,
    -cast(Total as decimal(18, 4))::decimal(18, 2) as amount,
    -cast(BusinessVolumeTotal as decimal(18, 4))::decimal(18, 2) as bv,
    source_file, source_line,
from head
where OrderStatusID in ('7', '8', '9') and OrderTypeID = '9'
