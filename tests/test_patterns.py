"""A pattern filled in says what its template would have said of each row."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from pipelines.reports.packs.part_templates import Kind, Patterns, Slots

TEMPLATE = """{% macro line(row) %}
<tr><td>{{ row["name"].text if row["name"] else "nobody" }}</td>100 % {name}
{% if row["kind"] == "new" %}<b>new</b>{% elif row["kind"] %}{{ row["kind"] }}{% endif %}
{% if row["phone"] %}{% if row["phone"].href %}<a href="{{ row["phone"].href }}">{% endif %}
{{ row["phone"].text }}{% endif %}{{ row["more"].text }}
{% if row["email"] %}{{ row["email"].href }} {{ row["email"].text }}{% endif %}
{{ row["count"].text }} {{ ("none", "one", "some")[row["count"].form] }}</tr>
{% endmacro %}"""
LINE = Environment(autoescape=True).from_string(TEMPLATE).module.line  # type: ignore[attr-defined]


def shown(cell: str) -> str:
    return str(escape(cell))


def link(cell: str) -> str:
    return shown(f"tel:{cell}") if cell.isdigit() else ""


COLUMNS = {
    "name": Kind(shown, shown, shown),
    "kind": Kind(is_code=True),
    "phone": Kind(None, shown, shown, str.isdigit, (link, None, None)),
    "email": Kind(link, shown, shown, str.isalpha, (str.upper, str.lower, None)),
    "more": Kind(),
    "count": Kind(str, str, str, form=lambda number: min(number, 2)),
}


def given_to_template(kind: Kind, cell: Any) -> Any:
    if cell is None or kind.is_code:
        return cell
    plain, text, long = (Markup(write(cell) if write else cell) for write in kind.ways(cell))
    form = kind.form(cell) if kind.form else None
    return Slots(plain if kind.has_plain(cell) else Markup(""), text, long, form)


def rendered(row: tuple[Any, ...]) -> str:
    """The row as the template itself says it."""
    cells = zip(COLUMNS.items(), row, strict=True)
    return str(LINE({name: given_to_template(kind, cell) for (name, kind), cell in cells}))


NAMES = st.none() | st.text(min_size=1) | st.sampled_from(["%s", "\ue0000\ue0011\ue002", "<b>&"])
ROWS = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from([None, "new", "old"]),
        st.sampled_from([None, "12", "x", "<1>"]),
        st.sampled_from([None, "Ab", "<a>", "7"]),
        st.sampled_from(["", "<i>\ue0000\ue0011\ue002</i>"]),
        st.integers(0, 4),
    )
)


@given(ROWS)
def test_filled_rows_are_rendered_rows(rows: list[tuple[Any, ...]]) -> None:
    assert Patterns(LINE, COLUMNS).fill(rows) == "".join(map(rendered, rows))
