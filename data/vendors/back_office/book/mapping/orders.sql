-- OrderStatusID: 4 cancelled, 7 accepted, 8 printed, 9 shipped; OrderTypeID 9 is a return
select
    OrderID as order_id,
    to_time(OrderDate, '%Y-%m-%d %H:%M:%S.%f') as ordered_at,
    case CustomerTypeID when '1' then 'sale' else 'member' end as channel,
    case when CustomerTypeID <> '1' then head.CustomerID end as buyer_id,
    case CustomerTypeID when '1' then customers.EnrollerID end as seller_id,
    customers.Email as customer_email,
    head.Country as country,
    -- money has four places in that database
    cast(Total as decimal(18, 4))::decimal(18, 2) as amount,
    upper(CurrencyCode) as currency,
    cast(BusinessVolumeTotal as decimal(18, 4))::decimal(18, 2) as bv,
    head.source_file, head.source_line,
from head left join customers on customers.CustomerID = head.CustomerID
where OrderStatusID in ('7', '8', '9') and OrderTypeID <> '9'
