"""What is listed goes to the quarantine; too much of it stops the close (contract 1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.book.drops import Drop
from pipelines.book.policy import Policy
from pipelines.engines.duck import literal
from pipelines.engines.loading import Loading
from pipelines.extracts.arrow_numbers import as_arrow
from pipelines.extracts.batch_in_hand import in_hand
from pipelines.extracts.origins import Origin
from pipelines.extracts.parquet_reading import without_marks
from pipelines.extracts.quarantined_money import quarantined_money
from pipelines.extracts.reading import Cells
from pipelines.extracts.shapes import FORGIVEN_MEMBER_CELLS, Shape
from pipelines.extracts.vendor_cells import our_cell
from pipelines.stop import Stop

FREE_QUARANTINE_ROWS = 10
LEAST_ALL_ROWS = 5
# Listed rows whose text is held at once.
MOST_AT_ONCE = 20_000
# What is told of listed rows: all of them, and those of money once more.
LISTED = ("quality.quarantine", "quality.quarantined_money")
ROW_STAGE = "('missing', 'type', 'value')"


def check_members(con: duckdb.DuckDBPyConnection, origin: Origin) -> None:
    """Stop at a members row that cannot be left out: without it a downline would be harmed."""
    forgiven = ", ".join(literal(name) for name in FORGIVEN_MEMBER_CELLS)
    found = con.execute(f"""
        select listed.line, code, "column" from listed
        where code = 'conflict' or (code <> 'duplicate' and "column" not in ({forgiven}))
        order by all limit 11
    """).fetchall()
    if not found:
        return
    found, is_more = found[:10], len(found) > 10
    places = origin.tell_all([line for line, _, _ in found])
    told = [
        f"{place}: {code} {column or ''}".rstrip()
        for place, (_, code, column) in zip(places, found, strict=True)
    ]
    more = "; and more" if is_more else ""
    raise Stop(
        f"{origin.path}: {'; '.join(told)}{more}. A member cannot be left out without harming its "
        f"downline: correct the export and close again"
    )


def write_quarantine(loading: Loading, drop: Drop, shape: Shape, cells: Cells) -> int:
    """Copy `listed` to quality.quarantine with key and raw text; out: how many rows it names.

    The files are read once more for it; Stop when the rows are not there any more.
    """
    con = loading.reader
    found = con.sql("select distinct line from listed order by 1").to_arrow_table()
    lines = found["line"].to_numpy()
    if not len(lines):
        return 0
    written = 0
    queries = _queries_of_listed(drop, shape, cells)
    with ExitStack() as stack:
        frames = stack.enter_context(in_hand(con, "bad_cells", _take(cells, lines)))
        add = {
            table: stack.enter_context(loading.adding(table, drop.month.text, shape.table))
            for table in queries
        }
        for frame in frames:
            for table, query in queries.items():
                add[table](query)
            written += frame.num_rows
    if written != len(lines):
        raise Stop(f"{cells.origin.path}: it was changed while it was read; close again")
    return written


def _take(cells: Cells, lines: npt.NDArray[np.int64]) -> Iterator[pa.Table]:
    """The rows at some lines, as read; of files not too many at once."""
    for batch in cells.read():
        numbers = batch["line"].to_numpy()
        # Both rise: what is not between the first and the last is of another batch.
        start, end = np.searchsorted(lines, [*numbers[:1], *(numbers[-1:] + 1)] or [0, 0])
        there = np.intersect1d(lines[start:end], numbers, assume_unique=True)
        places = np.searchsorted(numbers, there)
        # A query may give several rows of one line, whose money is noted once.
        step = MOST_AT_ONCE if cells.records is None else max(1, len(places))
        for at in range(0, len(places), step):
            frame = _as_shown(batch.take(as_arrow(places[at : at + step])))
            records = _records(frame, frame["line"].to_pylist(), cells)
            yield frame.append_column("raw text", records)


def _queries_of_listed(drop: Drop, shape: Shape, cells: Cells) -> dict[str, str]:
    """What is written of the listed rows that are in hand, by the table that it is written into."""
    key = " || '/' || ".join(_key_text(drop, shape, name, cells) for name in shape.key)
    file, line, places = cells.origin.shown("listed")
    rows = f"listed join bad_cells on bad_cells.line = listed.line {places}"
    listed = f"""
        select '{drop.month}' as drop_month, '{shape.table}' as "table", {file} as file,
               cast({line} as integer) as line, {key} as key, code, "column", "raw text" as raw
        from {rows}
    """
    of_money = f"(select bad_cells.*, {file} as file, {line} as shown_line, code from {rows})"
    money = quarantined_money(drop, shape, cells, of_money)
    return dict(zip(LISTED, [listed, *([money] if money else [])], strict=False))


def _as_shown(frame: pa.Table) -> pa.Table:
    texts = {
        name: without_marks(frame[name])
        for name in frame.column_names
        if pa.types.is_string(frame.schema.field(name).type)
    }
    columns = [texts.get(name, frame[name]) for name in frame.column_names]
    return pa.Table.from_arrays(columns, names=frame.column_names)


def _key_text(drop: Drop, shape: Shape, name: str, cells: Cells) -> str:
    """SQL for a key's cell: as the file has it when the row fails the row stage, else as read.

    Where the mapping brings it into contract 1's form it stands in that, as in a file of that form.
    """
    mapping, cell = drop.mapping_of(shape.table), shape.cells[name]
    if name not in cells.names and name not in mapping.constants:
        return "''"
    read = our_cell(name, cell, mapping, name in cells.by_value, misfit=name)
    text = f"coalesce({read}, '')"
    if cell.form != "int":
        return text
    number = f"cast(try_cast({read} as integer) as varchar)"
    return f"case when code in {ROW_STAGE} then {text} else {number} end"


def _records(frame: pa.Table, lines: list[int], cells: Cells) -> pa.Array:
    """Rows as they stand in their files."""
    if cells.records is not None:
        return pa.array(cells.records(lines), pa.string())
    return pa.array([_as_record(row) for row in frame.select(cells.raw).to_pylist()], pa.string())


def _as_record(row: dict[str, str | None]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        "" if cell is None else cell for cell in row.values()
    )
    return text.getvalue()


def check_share(
    con: duckdb.DuckDBPyConnection, policy: Policy, shape: Shape, origin: Origin, rows: int
) -> None:
    """Stop when too much of a file would be quarantined (contract 1, "What stops a close").

    More than ten rows and more than the policy's share, or all of at least five where the share is
    below 1; of members, duplicates alone count.
    """
    counted = "where code = 'duplicate'" if shape.table == "members" else ""
    [(bad,)] = con.execute(f"select count(distinct line) from listed {counted}").fetchall()
    limit = policy.max_quarantined_share
    is_all = bad == rows >= LEAST_ALL_ROWS and limit < 1
    if not is_all and (bad <= FREE_QUARANTINE_ROWS or Decimal(bad) <= limit * rows):
        return
    codes = con.execute(
        f"""select code, coalesce("column", ''), count(*), min(line) from listed {counted}
        group by all order by 3 desc, 1, 2 limit 3"""
    ).fetchall()
    places = origin.tell_all([line for _, _, _, line in codes])
    told = "; ".join(
        f"{count} x {code} {column}".rstrip() + f", first at {place}"
        for place, (code, column, count, _) in zip(places, codes, strict=True)
    )
    much = "which is all of them, and" if is_all else "more than"
    raise Stop(
        f"{origin.path}: {bad} of {rows} rows would be quarantined, {much} "
        f"quality.max_quarantined_share = {limit.normalize():f} allows{' less' * is_all} ({told}); "
        f"correct the export, or raise the share if these rows are to be left out"
    )
