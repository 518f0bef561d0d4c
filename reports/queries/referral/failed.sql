-- One row per rule that seats failed, and how many failed nothing else.
-- grain: reason
with
told as (
    select unnest(string_split(reasons, ';')) as reason, contains(reasons, ';') as has_others
    from referral.qualification
    where close_month = $month and not qualified
)

select reason, count(*) as seats, count(*) as bar,
    count(*) filter (where not has_others) as alone
from told
group by reason
