"""A pattern filled in says what its template would have said of each row."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import escape

from pipelines.reports.row_patterns import CellTexts, Column, RowPatterns

TEMPLATE = """{% macro line(row) %}
<tr><td>{{ row["name"].text if row["name"] else "nobody" }}</td>100 % {name}
{% if row["kind"] == "new" %}<b>new</b>{% elif row["kind"] %}{{ row["kind"] }}{% endif %}
{% if row["phone"] %}{% if row["phone"].href %}<a href="{{ row["phone"].href }}">{% endif %}
{{ row["phone"].text }}{% endif %}</tr>
{% endmacro %}"""
LINE = Environment(autoescape=True).from_string(TEMPLATE).module.line  # type: ignore[attr-defined]


def texts(cell: str) -> CellTexts:
    shown = escape(cell)
    return CellTexts(shown, shown, shown)


def phone(cell: str) -> CellTexts:
    shown = escape(cell)
    return CellTexts(escape(f"tel:{cell}") if cell.isdigit() else escape(""), shown, shown)


COLUMNS = [
    Column("name", texts, lambda cell: None if cell is None else True, False),
    Column("kind", texts, lambda cell: cell, True),
    Column("phone", phone, lambda cell: None if cell is None else cell.isdigit(), False),
]


def rendered(row: tuple[Any, ...]) -> str:
    """The row as the template itself says it."""
    cells = {
        column.name: cell if cell is None or column.is_code else column.write(cell)
        for column, cell in zip(COLUMNS, row, strict=True)
    }
    return str(LINE(cells))


NAMES = st.none() | st.text(min_size=1) | st.sampled_from(["%s", "\ue0000\ue0011\ue002", "<b>&"])
ROWS = st.lists(
    st.tuples(NAMES, st.sampled_from([None, "new", "old"]), st.sampled_from(["12", "x", "<1>"]))
)


@given(ROWS)
def test_filled_rows_are_rendered_rows(rows: list[tuple[Any, ...]]) -> None:
    assert RowPatterns(LINE, COLUMNS).fill(rows) == "".join(map(rendered, rows))
