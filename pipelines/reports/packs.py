"""Leaders' packs: for each leader a folder with a page and the leader's own rows of the month.

Belongs here: who is written and in what order. What a leader's rows are is said in sql/leaders,
what the page is given in pack_page, how it looks in reports/templates/leader.html.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.policy import Policy
from pipelines.models import Model
from pipelines.months import Month
from pipelines.reports.pack_page import PackPages
from pipelines.reports.pack_rows import PACK_FILES, LeaderRows

FOLDER = "leaders"
# Leaders are taken some thousands at a time, so that the engine sorts no more than their rows.
SLICE = 5_000
SLICES = f"""
    select min(leader_id), max(leader_id)
    from (
        select leader_id, (row_number() over (order by leader_id) - 1) // {SLICE} as slice
        from leaders.packs
    )
    group by slice
    order by slice
"""


def write_packs(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    month: Month,
    models: list[Model],
    folder: Path,
    is_trial: bool,
) -> int:
    """Write `leaders/<member_id>/` for every member who gets a pack; out: how many there are.

    In: the warehouse with the month's rows, all models, the month's folder. However many leaders
    there are, and however many rows one of them has, only a page's worth of them is held here.
    """
    tables = {model.table: model for model in models}
    pages = PackPages(policy, month, is_trial)
    written = 0
    for first, last in con.execute(SLICES).fetchall():
        with ExitStack() as passes:
            files = [
                passes.enter_context(
                    closing(LeaderRows(con, tables[file.table], file, first, last))
                )
                for file in PACK_FILES
            ]
            for pack in _read_packs(con, first, last):
                _write_pack(folder / FOLDER / pack["leader_id"], pack, files, pages)
                written += 1
    return written


def _write_pack(
    place: Path, pack: dict[str, Any], files: list[LeaderRows], pages: PackPages
) -> None:
    place.mkdir(parents=True)
    sections = {file.name: file.write(pack["leader_id"], place) for file in files}
    (place / "index.html").write_bytes(pages.render(pack, sections).encode())


def _read_packs(con: duckdb.DuckDBPyConnection, first: str, last: str) -> list[dict[str, Any]]:
    found = con.execute(
        "select * from leaders.packs where leader_id between $1 and $2 order by leader_id",
        [first, last],
    )
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
