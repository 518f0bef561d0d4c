-- One row per month: the drop's files and rows, and notes on them.
-- grain: the month
-- New ones the drop before had not.
select
    count(*) as files,
    coalesce(sum(rows), 0) as rows,
    (select count(*) from quality.notes where drop_month = $month) as notes,
    (
        select count(*)
        from quality.notes as now
        anti join quality.notes as earlier
            on earlier."table" = now."table" and earlier.note = now.note
            and earlier.drop_month = $before
        where now.drop_month = $month
    ) as new_notes,
from quality.loads
where drop_month = $month
