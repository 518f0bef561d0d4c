-- One row per language of those who get a pack.
-- grain: language
select language, count(*) as packs
from leaders.packs
group by language
order by count(*) desc, language nulls last
