-- the tree is written by row order and level: a member's sponsor is the nearest row above it of the
-- level before
with placed as (
    select *, cast("階層" as integer) as level from tree
)
select
    member."会員番号" as member_id,
    'associate' as member_type,
    member."会員氏名" as name,
    'JP' as country,
    sponsor."会員番号" as sponsor_id,
    to_day(member."登録日", '%Y/%m/%d') as enrolled_on,
    case member."資格名" when 'ナイト' then 'director' else 'associate' end as rank,
    member.source_file, member.source_line,
from placed as member
asof left join placed as sponsor
    on sponsor.level = member.level - 1 and member.source_line > sponsor.source_line
