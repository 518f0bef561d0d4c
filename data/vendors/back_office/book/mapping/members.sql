-- CustomerTypeID: 1 retail customer (no member), 2 preferred customer, 3 distributor
select
    CustomerID as member_id,
    case CustomerTypeID when '3' then 'associate' else 'preferred_customer' end as member_type,
    concat_ws(' ', blank(FirstName), blank(LastName)) as name,
    Email as email,
    Phone as phone,
    MainCountry as country,
    SponsorID as sponsor_id,
    EnrollerID as enroller_id,
    left(CreatedDate, 10) as enrolled_on,
    -- a number that ranks.csv does not know stops the close with the number
    case CustomerTypeID when '3' then coalesce(ranks.rank, customers.RankID) end as rank,
    customers.source_file, customers.source_line,
from customers left join ranks on ranks.RankID = customers.RankID
where CustomerTypeID in ('2', '3')
