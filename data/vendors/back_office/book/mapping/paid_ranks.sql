-- PeriodTypeID 1 is the week, which begins on a Monday; other periods are months
select
    period_ranks.CustomerID as member_id,
    left(periods.StartDate, 10) as week_start,
    coalesce(ranks.rank, period_ranks.PaidRankID) as rank,
    period_ranks.source_file, period_ranks.source_line,
from period_ranks
join periods
    on periods.PeriodTypeID = period_ranks.PeriodTypeID
    and periods.PeriodID = period_ranks.PeriodID
left join ranks on ranks.RankID = period_ranks.PaidRankID
where period_ranks.PeriodTypeID = '1'
