-- One row per kind of help that accounts need.
-- grain: help
select help, count(*) as accounts, count(*) as bar
from (
    select unnest(string_split(help, ';')) as help
    from onboarding.accounts
    where close_month = $month and help is not null and help <> ''
)
group by help
order by accounts desc, help
