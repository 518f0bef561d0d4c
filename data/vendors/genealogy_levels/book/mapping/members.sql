with placed as (
    select *, cast("階層" as integer) as level from tree
)
select member."会員番号" as member_id, 'associate' as member_type, member."会員氏名" as name, 'JP' as country,
    (select max_by(above."会員番号", above.source_line) from placed as above
     where above.level = member.level - 1 and above.source_line < member.source_line) as sponsor_id,
    to_day(member."登録日", '%Y/%m/%d') as enrolled_on,
    case member."資格名" when 'ナイト' then 'director' else 'associate' end as rank,
    member.source_file, member.source_line
from placed as member
