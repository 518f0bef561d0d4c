"""The row stage: text cells become typed values, and the cells that have a fault are listed.

Belongs here: the temporary table `typed` (values, line, faults, posting month). The rules for one
cell are in `cell_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from pipelines.book.drops import Drop
from pipelines.book.policy import Policy
from pipelines.engines.loading import Loading
from pipelines.extracts.batch_in_hand import in_hand
from pipelines.extracts.cell_rules import (
    Clock,
    MappedClock,
    business_date,
    fault,
    instant,
    read_clock,
    typed,
    wall_time,
)
from pipelines.extracts.reading import Cells
from pipelines.extracts.shapes import (
    EVENT_DATES,
    FORGIVEN_MEMBER_CELLS,
    Shape,
    business_date_column,
)
from pipelines.extracts.vendor_cells import MISFIT, our_cell

# The findings of the row stage.
FAULTS = """
    select line, split_part(told, '=', 2) as code, split_part(told, '=', 1) as "column"
    from (select line, unnest(string_split(faults, ' ')) as told
          from typed where faults is not null)
"""
ROW_FAULTS = 'select line, code, "column" from row_faults'


def stage_rows(loading: Loading, policy: Policy, drop: Drop, shape: Shape, cells: Cells) -> int:
    """Read the cells into `typed`, batch by batch, and what is wrong with them into `row_faults`.

    Out: how many rows there are.
    """
    con = loading.reader
    loading.fill("typed", _queries(con, policy, drop, shape, cells))
    loading.fill("row_faults", iter([FAULTS]))
    [(rows,)] = con.execute("select count(*) from typed").fetchall()
    return int(rows)


def _queries(
    con: duckdb.DuckDBPyConnection, policy: Policy, drop: Drop, shape: Shape, cells: Cells
) -> Iterator[str]:
    """For each batch the query for its rows, which it is in hand for as long as it is run."""
    with in_hand(con, "cells", cells.read()) as batches:
        for at, _ in enumerate(batches):
            if at == 0:
                _read_as_ours(con, drop, shape, cells)
            yield _typed_rows(con, policy, drop, shape, cells)


def _typed_rows(
    con: duckdb.DuckDBPyConnection, policy: Policy, drop: Drop, shape: Shape, cells: Cells
) -> str:
    """The query for a batch's rows in their types, with the faults of their cells."""
    faults = {name: fault(name, cell, policy.company.ranks) for name, cell in shape.cells.items()}
    found = ", ".join(f"'{name}=' || ({rule})" for name, rule in faults.items() if rule)
    clocks = {name: _read_clock(con, name, cells, policy.company.timezone) for name in shape.times}
    walls = {name: f"{name}_wall" for name in clocks}
    values = []
    for name, cell in shape.cells.items():
        is_time = name in clocks
        value = instant(name, walls[name], clocks[name]) if is_time else typed(name, cell)
        if shape.table == "members" and name in FORGIVEN_MEMBER_CELLS:
            value = f"case when ({faults[name]}) is null then {value} end"
        values.append(f'{value} as "{name}"')
    values += [f"{name} is null as {told}" for name, told in shape.worked_out.items()]
    dates = [
        f"{business_date(name, clock)} as {business_date_column(name)}"
        for name, clock in clocks.items()
    ]
    told = [f"{wall_time(name)} as {wall}" for name, wall in walls.items()]
    return f"""
        select *, {posting_month(shape, policy, drop)} as posting_month
        from (select {", ".join(["*", *dates])}
        from (select {", ".join(values)}, line, nullif(concat_ws(' ', {found}), '') as faults
        from (select {", ".join(["*", *told])} from our_cells)))
    """


def _read_as_ours(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape, cells: Cells) -> None:
    """The view `our_cells`: every column of the table in contract 1's form."""
    mapping, names = drop.mapping_of(shape.table), cells.names
    shown = ["line", *(["zone"] if len(cells.zones) > 1 else [])]
    for name, cell in shape.cells.items():
        if name not in names and name not in mapping.constants:
            shown.append(f"cast(null as varchar) as {name}")
        else:
            read = our_cell(name, cell, mapping, name in cells.by_value, MISFIT)
            shown.append(f"{read} as {name}")
    con.execute(f"create or replace temp view our_cells as select {', '.join(shown)} from cells")


def _read_clock(
    con: duckdb.DuckDBPyConnection, name: str, cells: Cells, timezone: str
) -> Clock | MappedClock:
    """The company's clock, and where the mapping says another for times without zone, that too."""
    company = read_clock(con, "our_cells", name, timezone)
    zones = [zone or timezone for zone in cells.zones]
    if zones == [timezone]:
        return company
    return MappedClock(company, tuple(read_clock(con, "our_cells", name, zone) for zone in zones))


def posting_month(shape: Shape, policy: Policy, drop: Drop) -> str:
    """SQL for the month that an event posts in, null for history (contract 2.1).

    The later of its business date's month and the drop's, so that a late document posts into the
    open month; what happened before the opening month never posts.
    """
    if shape.table not in EVENT_DATES:
        return "cast(null as varchar)"
    event_month = f"strftime({EVENT_DATES[shape.table]}, '%Y-%m')"
    return (
        f"case when {event_month} >= '{policy.company.opening_month}' "
        f"then greatest({event_month}, '{drop.month}') end"
    )
