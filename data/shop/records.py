"""Record tables: the rows of each drop as the company knew them at that month's end.

What is learnt later is empty until then; a row comes again in the month in which it changed.
"""

import polars as pl
from periods import LAST_DAY, month_of


def as_drops_saw(rows: pl.DataFrame, known_on: str, later: dict[str, list[str]]) -> pl.DataFrame:
    """Each row once for every drop that learnt something of it.

    `known_on` names the day on which the row is first known. `later` names the days on which
    more is learnt, each with the columns that stay empty until its month.
    """
    numbered = rows.with_row_index("row")
    drops = [
        numbered.filter(pl.col(day) <= LAST_DAY).select("row", drop=month_of(pl.col(day)))
        for day in (known_on, *later)
    ]
    hidden = [
        pl.when(month_of(pl.col(day)) <= pl.col("drop")).then(pl.col(column)).alias(column)
        for day, columns in later.items()
        for column in columns
    ]
    return (
        pl.concat(drops)
        .unique()
        .join(numbered, on="row")
        .filter(month_of(pl.col(known_on)) <= pl.col("drop"))
        .sort("drop", "row")
        .with_columns(hidden)
        .drop("row")
    )
