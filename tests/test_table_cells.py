"""Cells of tables that are filled in say what the template would have said of each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from pipelines.reports.look.table_cells import ALIKE, DRAWN_BY_VALUE, TableCells
from pipelines.reports.look.tables import CSS, Column, Row, Table, whole_table
from pipelines.reports.look.templates import templates

ROOT = "../../explain/"
TEXTS = st.text() | st.sampled_from(["<b>&", "\ue000itself\ue001", "a\u202eb", "M1", "Bram-2"])
AMOUNTS = st.decimals(-(10**6), 10**6, places=2)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bv": AMOUNTS, "signed": AMOUNTS, "count": st.integers(), "change": st.integers(),
    "share": AMOUNTS, "rate": AMOUNTS,
    "day": st.dates(), "instant": st.datetimes(), "month": st.sampled_from(["2020-01", "2019-12"]),
    "tick": st.booleans() | st.integers(0, 1), "sign": st.booleans() | st.integers(0, 1),
    "mark": st.sampled_from(["passed", "decide"]),
    "code": st.sampled_from(["refund", "<x>", Markup("<x>"), "\ue000itself\ue001"]),
    "country": st.sampled_from(["NL", "ZZ"]), "language": st.sampled_from(["nl", "zz"]),
    "file": st.sampled_from(["finance/sales.csv", "x<.csv"]),
    "text": TEXTS | st.integers(), "long": TEXTS, "id": TEXTS, "raw": TEXTS, "digest": TEXTS,
    "told": TEXTS,
}  # fmt: skip


def macros(story_root: str) -> Any:
    """The macros as a page has them."""
    page = templates().get_template("macros.html")
    return page.make_module({"story_root": story_root, "up": "../"})


def drawn(shown: Table, story_root: str) -> str:
    """The rows as the macros draw them one by one."""
    show = macros(story_root)
    rows = []
    for row in shown.rows:
        cells = [
            show.bar_cell(column, row, shown.most(column.name), shown.least(column.name))
            if column.kind == "bar"
            else show.cell(
                column, row[column.name], column.story_path(row) if story_root else "", at == 0
            )
            for at, column in enumerate(shown.columns)
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    return "".join(rows)


def filled(cells: TableCells, shown: Table, story_root: str) -> Markup:
    """The rows as they are filled in."""
    show = macros(story_root)
    return cells.fill(shown, show.cell, show.bar_cell, story_root)


def test_every_kind_of_cell_is_tried() -> None:
    assert {*VALUES} == {*CSS} | {"country", "language", "mark", "file"}
    assert {*ALIKE, *DRAWN_BY_VALUE} == VALUES.keys() - {"file"}


@pytest.mark.long
@pytest.mark.parametrize("kind", VALUES)
def test_filled_cells_are_drawn_cells(kind: str) -> None:
    cells = TableCells()
    columns = (Column("member_id", "", kind), Column("b", "", kind))
    row = st.fixed_dictionaries({name: st.none() | VALUES[kind] for name in ("member_id", "b")})

    @settings(deadline=None)
    @given(st.lists(row, max_size=5), st.sampled_from(["", ROOT, "../"]))
    def holds(rows: list[Row], story_root: str) -> None:
        shown = whole_table("t", "T", columns, rows)
        assert filled(cells, shown, story_root) == drawn(shown, story_root)

    holds()


def test_columns_of_one_kind_are_told_apart_where_they_differ() -> None:
    columns = (
        Column("at", "", "day"), Column("bv", "", "bv"), Column("net", "", "bar"),
        Column("order_id", "", "id"), Column("reason", "", "code"), Column("new", "", "tick"),
    )  # fmt: skip
    row = {
        "at": date(2020, 4, 1), "bv": Decimal("-1234.50"), "net": Decimal(-3), "order_id": "O1",
        "reason": "refund", "new": True,
    }  # fmt: skip
    other = row | {"bv": None, "net": Decimal(5), "order_id": "no id", "new": False}
    shown = whole_table("t", "T", columns, [row, other, row])
    found = filled(TableCells(), shown, ROOT)
    assert found == drawn(shown, ROOT)
    assert '<a class="story" href="../../explain/order/O1"><bdi>O1</bdi></a>' in found
    assert found.count("\u22121,234.50") == 2
    assert found.count('class="story"') == 2


def test_a_moment_is_written_in_each_of_its_ways() -> None:
    columns = (Column("at", "", "instant"),)
    shown = whole_table("t", "T", columns, [{"at": datetime(2020, 4, 1, 8, 5, 9)}])
    assert filled(TableCells(), shown, "") == (
        '<tr><th scope="row" class="day" data-sort="2020-04-01 08:05:09">\n'
        '<time datetime="2020-04-01T08:05:09Z">1 April 2020, 08:05</time></th>\n</tr>\n'
    )
