-- One row per table with quarantined rows.
-- grain: table
-- The greatest share first; new kinds are codes that its rows were not listed with the month
-- before.
with
kinds as (
    select now."table", count(distinct now.code) as new_kinds
    from quality.quarantine as now
    anti join quality.quarantine as earlier
        on earlier."table" = now."table" and earlier.code = now.code
        and earlier.drop_month = $before
    where now.drop_month = $month
    group by now."table"
)

select load."table", load.rows, load.quarantined, coalesce(kinds.new_kinds, 0) as new_kinds
from quality.loads as load
left join kinds on kinds."table" = load."table"
where load.drop_month = $month and load.quarantined > 0
order by load.quarantined * 1000000 // load.rows desc, load."table"
