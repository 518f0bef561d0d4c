"""A mapping's date and time formats mean what Python's strptime says they mean (contract 5)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.book.date_formats import read_date_format
from pipelines.engines.duck import literal
from pipelines.extracts.date_cells import date_text

FORMATS = [
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%Y%m%d", "%m/%d/%y", "%d %B %Y", "%b %d, %Y %I:%M %p", "%c",
    "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S %Z", "%A, %d. %B %Y",
    "%Y/%j", "%Y %U %w", "%Y %W %a", "%G-W%V-%u", "%d%%%m%%%Y", "%x %X", "%Y.%m.%d. %H",
    "%H%M%S%d%m%Y", "%I%p %d/%m/%Y",
]  # fmt: skip

CON = duckdb.connect(config={"threads": 1})


def read(cells: list[str], text: str, is_date: bool = False) -> list[str | None]:
    """What the engine makes of cells."""
    values = ", ".join(f"({at}, {literal(cell)})" for at, cell in enumerate(cells))
    shown = CON.execute(
        f"select {date_text('x', text, is_date)} from (values {values}) v(nr, x) order by nr"
    ).fetchall()
    return [cell for (cell,) in shown]


def by_python(cell: str, text: str, is_date: bool = False) -> str | None:
    """What Python makes of one, with the offset that contract 1 can hold; None where it refuses."""
    try:
        read = datetime.strptime(cell, text)
    except ValueError:
        return None
    if is_date:
        return read.strftime("%Y-%m-%d").rjust(10, "0")
    return read.isoformat()


def same(found: str | None, python: str | None, has_zone: bool) -> bool:
    """Whether both mean the same instant or wall time; the engine need not test the day itself."""
    if found is None or python is None:
        return python is None
    seen = datetime.fromisoformat(found)
    told = datetime.fromisoformat(python)
    return seen.replace(tzinfo=None) == told.replace(tzinfo=None) and (
        has_zone or seen.utcoffset() == told.utcoffset()
    )


@pytest.mark.parametrize("text", FORMATS)
@settings(max_examples=8, deadline=None)
@given(
    moments=st.lists(
        st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)), min_size=1, max_size=30
    ),
    minutes=st.integers(-720, 720),
)
def test_what_strftime_writes_is_read_as_strptime_reads_it(
    text: str, moments: list[datetime], minutes: int
) -> None:
    zone = timezone(timedelta(minutes=minutes)) if "%z" in text else None
    cells = [moment.replace(tzinfo=zone).strftime(text) for moment in moments]
    cells = [cell + "UTC" if text.endswith("%Z") else cell for cell in cells]
    cells += [cell.lower() for cell in cells] + [cell.replace(" 0", " ") for cell in cells]
    for cell, found in zip(cells, read(cells, text), strict=True):
        assert found is not None or by_python(cell, text) is None
        assert same(found, by_python(cell, text), "%Z" in text), cell
    for cell, found in zip(cells, read(cells, text, is_date=True), strict=True):
        assert found == by_python(cell, text, is_date=True), cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("%d.%m.%Y", "1.13.2024"), ("%d.%m.%Y", "01.02.24"), ("%d.%m.%Y", "01.02.2024 "),
        ("%d.%m.%Y", "2024-02-01"), ("%d.%m.%Y", "x01.02.2024"), ("%d.%m.%Y", "01.02.2024\n"),
        ("%d.%m.%Y %H:%M", "01.02.2024 24:00"), ("%d.%m.%Y %H:%M", "01.02.2024"),
        ("%Y-%m-%d %H:%M:%S %z", "2024-01-10 10:00:00"), ("%d %b %Y", "10 Mär 2024"),
        ("%Y-%m-%d %H:%M:%S", "2024-01-10 10:00:60"), ("%d.%m.%Y", "01a02a2024"),
        ("%m/%d/%Y %H:%M", "45302.4166666667"), ("%d.%m.%Y", "٠١.٠٢.٢٠٢٤"),
    ],
)  # fmt: skip
def test_a_cell_of_another_form_is_none(text: str, cell: str) -> None:
    assert read([cell], text) == [None]


@pytest.mark.parametrize(
    "text", ["", "%H:%M", "%d.%m.", "%Y-%m", "%Q", "%-d.%m.%Y", "%", "%Y-%m-%d %Y", "%m/%d/%e"]
)
def test_a_format_that_says_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one "):
        read_date_format(text)


def test_one_digit_numbers_and_names_are_read() -> None:
    assert read(["1/9/2024 7:05", "01/09/2024 07:05"], "%m/%d/%Y %H:%M") == ["2024-01-09T07:05"] * 2
    assert read(["3 März 2024", "3 MAR 2024"], "%d %b %Y") == [None, "2024-03-03T00:00"]
    assert read(["12:30 am 5/6/99"], "%I:%M %p %d/%m/%y") == ["1999-06-05T00:30"]
