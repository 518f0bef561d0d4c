"""The schemas and the loader's SQL say the same of every cell, and both read it as Python does.

Belongs here: single cells of all tables, however hostile. Rows and drops are in test_extracts.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pandera.errors
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_book import VALID

from pipelines.book.zone import load_zone
from pipelines.extracts.cell_rules import (
    business_date,
    fault,
    instant,
    read_clock,
    typed,
    wall_time,
)
from pipelines.extracts.shapes import SHAPES, Shape
from schemas.cells import Cell
from schemas.rows import row_schema
from schemas.table import told_of
from schemas.tables import TABLES

RANKS = ("associate", "manager", "director")
MODELS = {told_of(model)["table"]: model for model in TABLES}
Cells = dict[str, str | None]

HOSTILE: tuple[str | None, ...] = (
    None, " ", "\t", "\x00", "\n", "x", "X", "-", "null",
    "0", "-0", "-0.00", "+1", "1e3", "1.", ".5",
    "1.5", "1.50", "1.005", "01", "1 ", " 1", "1\n",
    "1\x00", "1,5", "1_0", "0x1", "１２", "٣", "Inf",
    "NaN", "601", "600", "999999999", "1234567890",
    "-999999999", "999999999999", "999999999999.99",
    "1234567890123", "-999999999999.99", "true", "false", "TRUE", "True", "t", "1", "yes",
    "2020-01-06", "2020-01-07", "2020-1-6", "2020-01-06\n", "\n2020-01-06", " 2020-01-06",
    "20200106", "2020/01/06", "2020-W02-1", "2020-02-29",
    "2019-02-29", "2020-02-30", "1900-02-29",
    "2000-02-29", "2020-13-01", "2020-00-10", "2020-01-00",
    "2020-04-31", "0000-01-01", "0001-01-01",
    "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "9999-12-31", "99999-01-01",
    "-2020-01-06", "２０２０-01-06", "2020-01-06 (BC)", "infinity", "epoch", "today",
    "2020-01-06T12:00", "2020-01-06 12:00", "2020-01-06t12:00", "2020-01-06  12:00",
    "2020-01-06T12", "2020-01-06T12:00:00",
    "2020-01-06T12:00:00.1", "2020-01-06T12:00:00.123456",
    "2020-01-06T12:00:00.1234567", "2020-01-06T12:00:00.",
    "2020-01-06T12:00.5", "2020-01-06T24:00",
    "2020-01-06T23:59:60", "2020-01-06T23:60", "2020-01-06T12:00Z", "2020-01-06T12:00z",
    "2020-01-06T12:00 Z", "2020-01-06T12:00+00:00",
    "2020-01-06T12:00-00:00", "2020-01-06T12:00+0100",
    "2020-01-06T12:00+01", "2020-01-06T12:00+23:59", "2020-01-06T12:00-23:59",
    "2020-01-06T12:00+24:00", "2020-01-06T12:00-24:00", "2020-01-06T12:00+01:60",
    "2020-01-06T12:00:00.5+05:30", "2020-02-30T12:00Z", "0000-01-01T00:00Z",
    "1900-01-01T00:00+23:59", "1899-12-31T23:59-01:00", "2199-12-31T23:59:59.999999-23:59",
    "2200-01-01T00:00+12:00", "2020-01-06T12:00:00Z\n", "2020-01-06T12:00:00\x00",
    "M1", "m-1", "1_a.b-c", "-M1", ".M1", "_M1", "M 1", "M1 ", "M/1", "É1", "M\u200b1", "M1\n",
    "A" * 32, "A" * 33, "A" * 5000, "NL", "nl", "Nl",
    "NLD", "N1", "ＮＬ", "EUR", "eur", "EURO", "nl\n",
    "a@b.c", "A@B.C", " a@b.c\t", "\x0ba@b.c\x0c",
    "\xa0a@b.c", "a@b.c\n", "a @b.c", "a@b", "@b.c",
    "a@.c", "a@b.", "a@b@c.d", "a@b..c", "é@b.c",
    "a@bücher.de", "\u212a@b.c", "\u0130@b.c", "ſ@b.c",
    "a@b.c\x00", "a\x01@b.c", "a@b.c\u2028", "a\u200b@b.c", "a@b.c\x7f", "associate", "manager",
    "king", "Associate", "associate ",
    "preferred_customer", "member", "sale", "retail", "standing",
    "referral", "refund", "fraud", "faulty", "top_up",
    "purchase", "member\n", "\ufeffM1", "😀", "\\", "'",
    "''", '"', "%", "_", "a'; drop table x; --",
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(string.printable, max_size=12),
    st.text(max_size=8),
    st.dates().map(str),
    st.datetimes().map(str),
    st.decimals(-1000, 1000, places=3).map(str),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory."""
    con = duckdb.connect()
    yield con
    con.close()


def faults_by_sql(
    con: duckdb.DuckDBPyConnection, shape: Shape, rows: list[Cells]
) -> set[tuple[int, str, str]]:
    """(row, column, code) of every fault that the loader's SQL finds."""
    con.register("rows", frame_of(shape, rows).to_arrow())
    rules = {name: fault(name, cell, RANKS) for name, cell in shape.cells.items()}
    shown = ", ".join(f"({rule}) as {name}" for name, rule in rules.items() if rule)
    found = con.execute(f"select {shown} from rows")
    names = [column[0] for column in found.description or []]
    return {
        (row, name, code)
        for row, codes in enumerate(found.fetchall())
        for name, code in zip(names, codes, strict=True)
        if code is not None
    }


def faults_by_schema(shape: Shape, rows: list[Cells]) -> set[tuple[int, str, str]]:
    """(row, column, code) of every fault that the table's pandera schema finds."""
    try:
        row_schema(MODELS[shape.table], RANKS).validate(frame_of(shape, rows), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("index", "column", "check").rows()
        return {
            (row, name, str(code).replace("not_nullable", "missing")) for row, name, code in cases
        }
    return set()


def frame_of(shape: Shape, rows: list[Cells]) -> pl.DataFrame:
    """Rows as a frame of text cells."""
    return pl.DataFrame(rows, schema=dict.fromkeys(shape.cells, pl.String), orient="row")


def check_rows(con: duckdb.DuckDBPyConnection, shape: Shape, rows: list[Cells]) -> None:
    """Both ways find the same."""
    assert faults_by_sql(con, shape, rows) == faults_by_schema(shape, rows)


@pytest.mark.parametrize("table", SHAPES)
def test_schema_and_sql_find_the_same_fault_in_every_hostile_cell(
    engine: duckdb.DuckDBPyConnection, table: str
) -> None:
    shape = SHAPES[table]
    rows = [VALID[table] | {name: text} for name in shape.cells for text in HOSTILE]
    check_rows(engine, shape, rows)


@pytest.mark.parametrize("table", ["holds", "delegates"])
def test_schema_and_sql_agree_on_an_end_before_its_start(
    engine: duckdb.DuckDBPyConnection, table: str
) -> None:
    dates = [text for text in HOSTILE if text is None or text[:1].isdigit()]
    rows = [VALID[table] | {"starts_on": start, "ends_on": end} for start in dates for end in dates]
    check_rows(engine, SHAPES[table], rows)


def check_random_rows(con: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    """Both ways find the same in random rows of a random table."""
    shape = SHAPES[data.draw(st.sampled_from(sorted(SHAPES)))]
    cells = {name: st.one_of(CELLS, st.just(VALID[shape.table].get(name))) for name in shape.cells}
    check_rows(
        con, shape, data.draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=8))
    )


@pytest.mark.long
@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_schema_and_sql_find_the_same_faults_in_any_rows(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    check_random_rows(engine, data)


@pytest.mark.exhaustive
@given(st.data())
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_schema_and_sql_find_the_same_faults_in_very_many_rows(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    check_random_rows(engine, data)


# A plain reading of contract 1, "Types", in Python.

NUMBER = r"-?[0-9]{1,12}(\.[0-9]{1,2})?"
TIME = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def read_plainly(text: str, cell: Cell) -> str | None:
    """The code that a cell deserves, limits between columns apart."""
    readers = {"date": read_day, "time": read_time, "decimal": read_number, "int": read_number}
    if cell.form in readers:
        value = readers[cell.form](text, cell)
        if value is None:
            return "type"
        return None if is_in_range(text, value, cell) else "value"
    if cell.form == "bool":
        return None if text in ("true", "false") else "type"
    return None if is_in_pattern(text, cell) else "value"


def read_day(text: str, cell: Cell) -> date | None:
    """A date, if there is one."""
    try:
        return (
            date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        return None


def read_time(text: str, cell: Cell) -> datetime | None:
    """A time as written, with its offset or without."""
    found = re.fullmatch(TIME, text)
    if found is None:
        return None
    day, hour, minute, second, fraction, offset = found.groups()
    if offset not in (None, "Z") and (int(offset[1:3]) > 23 or int(offset[4:]) > 59):
        return None
    try:
        moment = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}")
    except ValueError:
        return None
    return moment + timedelta(microseconds=int((fraction or "").ljust(6, "0")))


def read_number(text: str, cell: Cell) -> Decimal | None:
    """A decimal or an int."""
    form = NUMBER if cell.form == "decimal" else "-?[0-9]{1,9}"
    return Decimal(text) if re.fullmatch(form, text) else None


def is_in_range(text: str, value: date | datetime | Decimal, cell: Cell) -> bool:
    """Whether a value that could be read may stand in its column."""
    if isinstance(value, Decimal):
        return (
            (cell.least is None or value >= cell.least)
            and (cell.above is None or value > cell.above)
            and (cell.most is None or value <= cell.most)
        )
    return 1900 <= value.year <= 2199 and not (cell.is_monday and value.weekday() != 0)


def is_in_pattern(text: str, cell: Cell) -> bool:
    """Whether a word may stand in its column."""
    if cell.form == "email":
        address = text.strip(" \t\n\v\f\r").lower()
        pattern = r"[^@\s]+@[^@\s]+\.[^@\s]+"
        return address.isascii() and bool(re.fullmatch(pattern, address, re.ASCII))
    patterns = {
        "id": "[A-Za-z0-9][A-Za-z0-9._-]{0,31}", "country": "[A-Z]{2}", "language": "[a-z]{2}",
        "currency": "[A-Z]{3}", "text": "(?s).*",
    }  # fmt: skip
    if cell.form in patterns:
        return bool(re.fullmatch(patterns[cell.form], text))
    return text in (RANKS if cell.form == "rank" else cell.allowed)


@pytest.mark.parametrize("table", SHAPES)
def test_every_hostile_cell_has_the_code_of_a_plain_reading(
    engine: duckdb.DuckDBPyConnection, table: str
) -> None:
    shape = SHAPES[table]
    texts = [text for text in HOSTILE if text is not None]
    for name, cell in shape.cells.items():
        rows: list[Cells] = [VALID[table] | {name: text, "ends_on": None} for text in texts]
        if name == "ends_on":
            rows = [VALID[table] | {name: text, "starts_on": "1900-01-01"} for text in texts]
        rows = [{key: each.get(key) for key in shape.cells} for each in rows]
        found = {
            row: code for row, column, code in faults_by_sql(engine, shape, rows) if column == name
        }
        expected = {row: read_plainly(text, cell) for row, text in enumerate(texts)}
        assert {texts[row]: code for row, code in found.items()} == {
            texts[row]: code for row, code in expected.items() if code is not None
        }


# Typed values.


def typed_values(con: duckdb.DuckDBPyConnection, form: str, texts: list[str]) -> list[object]:
    """Cells of a form as the loader types them."""
    con.register("texts", pl.DataFrame({"cell": texts}, schema={"cell": pl.String}).to_arrow())
    cell = Cell(form)  # type: ignore[arg-type]
    return [
        value for (value,) in con.execute(f"select {typed('cell', cell)} from texts").fetchall()
    ]


def good(form: str) -> list[str]:
    """Hostile cells that are good ones of a form."""
    return [text for text in HOSTILE if text is not None and read_plainly(text, Cell(form)) is None]  # type: ignore[arg-type]


def test_numbers_dates_and_bools_have_their_plain_value(engine: duckdb.DuckDBPyConnection) -> None:
    assert typed_values(engine, "decimal", good("decimal")) == [Decimal(t) for t in good("decimal")]
    assert typed_values(engine, "int", good("int")) == [int(text) for text in good("int")]
    assert typed_values(engine, "date", good("date")) == [
        date.fromisoformat(t) for t in good("date")
    ]
    assert typed_values(engine, "bool", good("bool")) == [text == "true" for text in good("bool")]


def test_emails_are_trimmed_and_lowered(engine: duckdb.DuckDBPyConnection) -> None:
    expected = [text.strip(" \t\n\v\f\r").lower() for text in good("email")]
    assert typed_values(engine, "email", good("email")) == expected


@given(st.decimals("-999999999999.99", "999999999999.99", places=2))
@settings(max_examples=200, deadline=None)
def test_every_amount_is_exact(engine: duckdb.DuckDBPyConnection, amount: Decimal) -> None:
    assert typed_values(engine, "decimal", [f"{amount:f}"]) == [amount]


ZONES = (
    "UTC", "Europe/Amsterdam", "Pacific/Auckland", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Pacific/Apia", "Asia/Kathmandu", "America/New_York", "Africa/Casablanca", "Asia/Tehran",
    "America/Caracas", "Pacific/Kwajalein", "Antarctica/Troll", "Europe/Dublin", "Africa/Monrovia",
)  # fmt: skip


def instants_by_sql(
    con: duckdb.DuckDBPyConnection, zone: str, texts: list[str]
) -> list[tuple[datetime, date]]:
    """Time cells as the loader reads them: the instant in UTC and the business date."""
    con.register("texts", pl.DataFrame({"cell": texts}).to_arrow())
    clock = read_clock(con, "texts", "cell", zone)
    return con.execute(f"""
        select moment, {business_date("moment", clock)}
        from (select {instant("cell", wall_time("cell"), clock)} as moment from texts)
    """).fetchall()


def instant_plainly(zone: ZoneInfo, text: str) -> tuple[datetime, date]:
    """A time cell as Python reads it: fold=0 is the earlier of two, or the offset before a gap."""
    local = datetime.fromisoformat(text.replace("Z", "+00:00"))
    aware = local if local.tzinfo else local.replace(tzinfo=zone, fold=0)
    at = aware.astimezone(UTC)
    return at.replace(tzinfo=None), at.astimezone(zone).date()


def check_instants(con: duckdb.DuckDBPyConnection, zone: str, texts: list[str]) -> None:
    """The loader reads time cells as Python does."""
    plainly = [instant_plainly(load_zone(zone), text) for text in texts]
    found = instants_by_sql(con, zone, texts)
    wrong = [each for each in zip(texts, found, plainly, strict=True) if each[1] != each[2]]
    assert wrong == []


def times_round_changes(zone: str, first: int, last: int) -> list[str]:
    """Local times every half hour round each change of a zone's offset, by the zone's own rules."""
    found, here = [], load_zone(zone)
    for days in range((date(last + 1, 1, 1) - date(first, 1, 1)).days):
        noon = datetime(first, 1, 1, 12) + timedelta(days=days)
        offsets = {
            (noon + timedelta(days=more)).replace(tzinfo=here).utcoffset() for more in (0, 1)
        }
        if len(offsets) > 1:
            halves = [noon + timedelta(minutes=30 * half) for half in range(-24, 96)]
            found += [str(half) for half in halves]
            found += [str(half - timedelta(microseconds=1)) for half in halves]
    return found


@pytest.mark.long
@pytest.mark.parametrize("zone", ZONES)
def test_local_times_round_every_change_of_offset_are_read_as_python_does(
    engine: duckdb.DuckDBPyConnection, zone: str
) -> None:
    check_instants(engine, zone, [*times_round_changes(zone, 2005, 2020), "2020-06-01 12:00"])


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize(
    "zone", [*ZONES[:2], *(pytest.param(zone, marks=pytest.mark.exhaustive) for zone in ZONES[2:])]
)
def test_local_times_of_three_centuries_are_read_as_python_does(
    engine: duckdb.DuckDBPyConnection, zone: str
) -> None:
    check_instants(engine, zone, [*times_round_changes(zone, 1900, 2199), "2020-06-01 12:00"])


def test_the_day_that_samoa_skipped_counts_with_the_offset_before(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    found = instants_by_sql(engine, "Pacific/Apia", ["2011-12-30T12:00", "2011-12-30T22:00Z"])
    assert found == [(datetime(2011, 12, 30, 22), date(2011, 12, 31))] * 2


def test_a_time_that_occurs_twice_is_the_earlier(engine: duckdb.DuckDBPyConnection) -> None:
    found = instants_by_sql(engine, "Europe/Amsterdam", ["2020-10-25T02:30", "2020-03-29T02:30"])
    assert [at for at, _ in found] == [datetime(2020, 10, 25, 0, 30), datetime(2020, 3, 29, 1, 30)]


OFFSETS = st.one_of(
    st.sampled_from(["", "Z"]),
    st.tuples(st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59)).map(
        lambda parts: f"{parts[0]}{parts[1]:02}:{parts[2]:02}"
    ),
)
LOCAL = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59, 999999))
WRITTEN = st.tuples(LOCAL, st.sampled_from([16, 19, 21, 26]), st.sampled_from("T "), OFFSETS)


@pytest.mark.long
@given(st.sampled_from(ZONES), st.lists(WRITTEN, min_size=1, max_size=60))
@example("Europe/Amsterdam", [(datetime(1900, 1, 1), 16, "T", "+23:59")])
@example("Pacific/Apia", [(datetime(2199, 12, 31, 23, 59, 59, 999999), 26, "T", "-23:59")])
@settings(max_examples=10, deadline=None)
def test_any_time_with_any_offset_is_read_as_python_does(
    engine: duckdb.DuckDBPyConnection, zone: str, written: list[tuple[datetime, int, str, str]]
) -> None:
    texts = [
        at.isoformat(sep, "microseconds")[:length] + offset for at, length, sep, offset in written
    ]
    check_instants(engine, zone, texts)
