"""How a table's file is read: CSV, gzip and Parquet, headers, mapping, what cannot be read.

Belongs here: what a file may look like (contract 1, the book). What becomes of its rows is in
test_extracts.
"""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_book import (
    Row,
    check,
    csv_text,
    drop,
    listed,
    loaded,
    row,
    why_stopped,
    write_book,
    write_files,
)

from pipelines.book.mapping import TableMapping
from pipelines.extracts.reading import read_cells
from pipelines.extracts.shapes import SHAPES
from pipelines.stop import Stop

pytestmark = pytest.mark.long

HOLDS = csv_text("holds", [row("holds"), row("holds", hold_id="H2")])
HEADER = "hold_id,member_id,kind,starts_on,ends_on"
LINE = "H1,M1,standing,2020-01-05,"
LEADS = "lead_id,requested_at,country,name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's book goes."""
    return tmp_path / "book"


def cells_of(folder: Path, table: str, content: str | bytes, ending: str = "csv") -> list[Row]:
    """The cells of a table's file, as read."""
    write_files(folder, {f"{table}.{ending}": content})
    path = folder / f"{table}.{ending}"
    columns = {name: replace(cell, required=False) for name, cell in SHAPES[table].cells.items()}
    cells = read_cells(path, columns, TableMapping(table))
    return [row for batch in cells.read() for row in batch.select(cells.names).to_pylist()]


def names_of(folder: Path, content: str | bytes) -> list[str | None]:
    """The names in a file of leads, whose line is LEADS."""
    return [cells["name"] for cells in cells_of(folder, "leads", content)]


def stop_of(folder: Path, name: str, content: str | bytes) -> str:
    """Why a drop with such a file cannot be read."""
    table = name.split(".")[0]
    try:
        cells_of(folder, table, content, name.removeprefix(f"{table}."))
        told = why_stopped(write_book(folder, drop({name: content})))
    except Stop as stop:
        told = str(stop)
    assert name in told
    return told


# CSV.


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HOLDS,
        HOLDS.replace("\n", "\r\n"),
        HOLDS.replace("\n", "\r\n", 1),
        HOLDS.removesuffix("\n"),
        HOLDS.replace("\n", "\n\n\r\n"),
        "\n\r\n" + HOLDS,
        "\ufeff\n" + HOLDS,
        "\ufeff" + HOLDS.replace("hold_id", '"hold_id"').replace("H1", '"H1"'),
        HOLDS.replace(",", '","').replace("\n", '"\n"').removesuffix('"').join(['"', ""]),
    ],
    ids=[
        "byte-order mark", "CRLF", "mixed newlines", "no newline at the end", "blank lines",
        "blank lines before the header", "byte-order mark and a blank line", "quoted header",
        "everything quoted",
    ],
)  # fmt: skip
def test_the_same_table_may_be_written_in_many_ways(folder: Path, text: str) -> None:
    assert cells_of(folder, "holds", text) == cells_of(folder / "plain", "holds", HOLDS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('Ann "Nan" Lee', 'Ann "Nan" Lee'),
        ('5" pipe', '5" pipe'),
        ('"a ""b"" c"', 'a "b" c'),
        ('"a,b"', "a,b"),
        ('"a\nb"', "a\nb"),
        ('"a\r\nb"', "a\r\nb"),
        ('""', None),
        ("", None),
        (" ", " "),
        ("null", "null"),
        ("NA", "NA"),
        ("a\x00b", "a\x00b"),
        ("\x02end of file\x03", "\x02end of file\x03"),
        ("\ufeffx", "\ufeffx"),
        ("a\u2028b\x85c\x0bd", "a\u2028b\x85c\x0bd"),
    ],
)
def test_a_cell_is_read_as_it_stands(folder: Path, written: str, read: str | None) -> None:
    assert names_of(folder, f"{LEADS}\nD1,2020-01-11,NL,{written}\n") == [read]


def test_a_cell_may_be_longer_than_a_block_of_the_reader(folder: Path) -> None:
    long = "x" * 20_000_000
    assert names_of(folder, f"{LEADS}\nD1,,NL,{long}\nD2,,NL,b\n") == [long, "b"]


def test_lines_are_counted_by_record_and_blank_ones_are_not(folder: Path) -> None:
    text = f'{HEADER}\n\n{LINE}\n\r\nH2,"M\n1",standing,2020-01-05,\n\n\nH3,M1,bad,2020-01-05,\n'
    found = check(write_book(folder, drop({"holds.csv": text})))
    assert listed(found) == [
        ("holds", 3, "H2", "value", "member_id"),
        ("holds", 4, "H3", "value", "kind"),
    ]


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    text = "kind,starts_on,member_id,hold_id\nreferral,2020-01-05,M1,H1\n"
    with loaded(write_book(folder, drop({"holds.csv": text}))) as con:
        assert con.execute("select hold_id, kind from extracts.holds").fetchall() == [
            ("H1", "referral")
        ]


def test_an_unknown_column_is_ignored_and_noted(folder: Path) -> None:
    text = f"note,{HEADER}\nx,{LINE}\n"
    found = check(write_book(folder, drop({"holds.csv": text})))
    assert (found.stopped, listed(found)) == (None, [])
    assert found.notes == ["holds: holds.csv: unknown column 'note' was ignored"]


def test_an_optional_column_may_be_missing(folder: Path) -> None:
    text = "hold_id,member_id,kind,starts_on\nH1,M1,referral,2020-01-05\n"
    assert listed(check(write_book(folder, drop({"holds.csv": text})))) == []


def test_a_header_alone_is_a_table_without_rows(folder: Path) -> None:
    found = check(write_book(folder, drop({"holds.csv": f"{HEADER}\n"})))
    assert (found.stopped, [load.rows for load in found.loads if load.table == "holds"]) == (
        None,
        [0],
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("hold_id,member_id,kind\nH1,M1,standing\n", "required column 'starts_on' is missing"),
        ("hold_id,member_id,kind,start_on\n", "did you mean 'start_on'?"),
        (f"{HEADER},kind\n{LINE},standing\n", "the column 'kind' stands twice"),
        (f"{HEADER},note,note\n{LINE},,\n", "the column 'note' stands twice"),
        (f"{HEADER},\n{LINE},x\n", "column 6 has no name, and a cell in line 2"),
        (f"{HEADER}\n{LINE}\nH2,M1,standing\n", "line 3: 3 cells, must be 5"),
        (f"{HEADER}\n{LINE},x\n", "line 2: 6 cells, must be 5"),
        (f"{HEADER}\n\n{LINE}\n \n", "line 4 (record 3): 1 cell, must be 5"),
        (f'{HEADER}\n{LINE}\nH2,M1,standing,2020-01-05,"', "ends inside a quoted cell"),
        (f'{HEADER}\n{LINE}\nH2,"M1', "ends inside a quoted cell"),
        (
            f'{HEADER}\n{LINE}\n"H2,M1,standing,2020-01-05,\nH3,M1,x,y,\n',
            "ends inside a quoted cell",
        ),
        (f'{HEADER}\nH1,"M1""', "ends inside a quoted cell"),
        (f'"{HEADER}\n', "line 1, column 1: it ends inside a quoted cell"),
        ('{"hold_id": 1}\n', "it is JSON, not CSV"),
    ],
)
def test_a_csv_file_that_is_not_whole_stops(folder: Path, text: str, told: str) -> None:
    assert told in stop_of(folder, "holds.csv", text)


def test_a_message_never_quotes_a_row(folder: Path) -> None:
    text = f"{LEADS}\nD1,2020-01-11,NL\nD2,x,NL,secret@x.com,1\n"
    assert "secret" not in stop_of(folder, "leads.csv", text)


@pytest.mark.parametrize("header", [HEADER, f"{HEADER},note"], ids=["ours", "unknown column"])
def test_bad_utf8_stops_wherever_it_is(folder: Path, header: str) -> None:
    line = LINE + "," * (header != HEADER)
    told = stop_of(folder, "holds.csv", f"{header}\n{line}".encode() + b"\xff\xfe\n")
    assert "utf" in told.lower()


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_stops(folder: Path, encoding: str) -> None:
    stop_of(folder, "holds.csv", f"{HEADER},é\n{LINE},ü\n".encode(encoding))


# Files.


def test_a_gzipped_file_is_read_like_a_plain_one(folder: Path) -> None:
    found = cells_of(folder, "holds", gzip.compress(HOLDS.encode()), "csv.gz")
    assert found == cells_of(folder, "holds", HOLDS)


def test_a_gzipped_file_of_several_members_is_read_whole(folder: Path) -> None:
    halves = gzip.compress(HOLDS[:50].encode()) + gzip.compress(HOLDS[50:].encode())
    assert cells_of(folder, "holds", halves, "csv.gz") == cells_of(folder, "holds", HOLDS)


def zipped(change: int, cut: int = 0) -> bytes:
    """HOLDS gzipped, with one byte changed (counted from the end), or cut short."""
    data = bytearray(gzip.compress((HEADER + "\n" + f"{LINE}\n" * 9999).encode()))
    data[-change] ^= 0xFF
    return bytes(data[: len(data) - cut])


@pytest.mark.parametrize(
    "data",
    [zipped(5), zipped(1), zipped(20), zipped(9, 9), zipped(1, 4), HOLDS.encode(), b"", b"\x1f\x8b",
     gzip.compress(HOLDS.encode(), mtime=0) + b"junk"],
    ids=["CRC", "length", "content", "cut off", "cut in the trailer", "not gzip", "empty",
         "magic alone", "junk behind"],
)  # fmt: skip
def test_a_corrupt_gzip_stops(folder: Path, data: bytes) -> None:
    assert "cannot be read" in stop_of(folder, "holds.csv.gz", data)


def test_two_files_for_one_table_stop(folder: Path) -> None:
    files = drop({"holds.csv.gz": gzip.compress(HOLDS.encode())}) | {"holds.csv": HOLDS}
    stopped = check(write_book(folder, files)).stopped
    assert stopped is not None and "holds.csv and holds.csv.gz both hold holds" in stopped


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("order.csv", "orders.csv holds orders already"),
        ("orders (1).csv", "orders.csv holds orders already"),
        ("order_lnes.csv", "did you mean 'order_lines'? Then name it order_lines.csv"),
        ("2020-01 paid_ranks export.csv", "did you mean 'paid_ranks'?"),
        ("leads.zip", "did you mean 'leads'? Then unpack it"),
        ("leads.json", "did you mean 'leads'? Then save it as leads.csv"),
        ("Holds.csv", "did you mean 'holds'?"),
        ("holds.csv.bak", "is no table's file"),
        ("holds.xls", "is no table's file"),
        ("README", "is no table's file"),
        (".csv.gz.csv", None),
        (".DS_Store", None),
    ],
)
def test_a_file_that_is_no_tables_stops_and_names_the_nearest(
    folder: Path, name: str, told: str | None
) -> None:
    """Of a file whose columns say nothing; where they do, see test_mapping_draft."""
    stopped = check(write_book(folder, drop() | {name: "a\n1\n"})).stopped
    assert stopped is None if told is None else stopped is not None and told in stopped


def test_a_folder_in_a_drop_is_no_tables_file(folder: Path) -> None:
    book = write_book(folder)
    (book / "2020-01" / "holds.csv").mkdir()
    assert "it is a folder, not an ordinary file" in str(check(book).stopped)
    (book / "2020-01" / "holds.csv").rmdir()
    (book / "2020-01" / "more").mkdir()
    assert "is no table's file" in str(check(book).stopped)


@pytest.mark.parametrize("table", ["members", "orders"])
def test_members_and_orders_are_required(folder: Path, table: str) -> None:
    files = drop()
    del files[f"{table}.csv"]
    assert f"{table}.csv (or .csv.gz, .parquet, .xlsx) is missing" in str(
        check(write_book(folder, files)).stopped
    )


def test_a_missing_drop_stops(folder: Path) -> None:
    assert "the drop of 2020-02 is missing" in str(check(write_book(folder), "2020-02").stopped)


# Parquet.


def parquet(folder: Path, **columns: pa.Array) -> bytes:
    """A Parquet file of these columns."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / "written")
    return (folder / "written").read_bytes()


def column_of(folder: Path, table: str, name: str, values: pa.Array) -> list[str | None]:
    """A Parquet column as text cells."""
    data = parquet(folder, **{name: values})
    return [cells[name] for cells in cells_of(folder, table, data, "parquet")]


NOON = datetime(2020, 1, 10, 12)
PARQUET_CELLS: list[tuple[str, pa.Array, list[str | None]]] = [
    ("amount", pa.array([3, None, -1], pa.int64()), ["3", None, "-1"]),
    ("amount", pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
    ("amount", pa.array([3.0, 12.5, 0.1, -0.25, None]), ["3", "12.5", "0.1", "-0.25", None]),
    ("amount", pa.array([0.1, 12.34], pa.float32()), ["0.1", "12.34"]),
    ("amount", pa.array([1e-7, 1e15, 1e22]), ["0.0000001", "1000000000000000", "1" + "0" * 22]),
    ("amount", pa.array([Decimal("12.34")], pa.decimal128(18, 2)), ["12.34"]),
    ("amount", pa.array([Decimal("12.5")], pa.decimal128(9, 1)), ["12.5"]),
    ("amount", pa.array([Decimal("12")], pa.decimal128(9, 0)), ["12"]),
    ("amount", pa.array([Decimal("12.3400")], pa.decimal128(18, 4)), ["12.34"]),
    ("amount", pa.array([Decimal("12.0000")], pa.decimal128(18, 4)), ["12.00"]),
    ("amount", pa.array([Decimal("12.3450")], pa.decimal128(18, 4)), ["12.345"]),
    ("amount", pa.array([None, None], pa.null()), [None, None]),
    ("amount", pa.array(["007.50", ""]), ["007.50", None]),
    ("contact_opt_out", pa.array([True, False, None]), ["true", "false", None]),
    ("customer_name", pa.array(["é", ""], pa.large_string()), ["é", None]),
    ("customer_name", pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
    ("customer_name", pa.array(["é".encode(), b""], pa.binary()), ["é", None]),
    ("customer_phone", pa.array([31612345678.0]), ["31612345678"]),
    ("customer_phone", pa.array([date(2020, 1, 10)]), ["2020-01-10"]),
    ("ordered_at", pa.array([NOON], pa.timestamp("s")), ["2020-01-10T12:00:00.000000"]),
    ("ordered_at", pa.array([NOON], pa.timestamp("ms")), ["2020-01-10T12:00:00.000000"]),
    (
        "ordered_at",
        pa.array([NOON], pa.timestamp("us", "Asia/Kathmandu")),
        ["2020-01-10T12:00:00.000000Z"],
    ),
    (
        "ordered_at",
        pa.array([1578657600_123456789], pa.timestamp("ns")),
        ["2020-01-10T12:00:00.123456"],
    ),
    (
        "ordered_at",
        pa.array([1578657600_123456789], pa.timestamp("ns", "UTC")),
        ["2020-01-10T12:00:00.123456Z"],
    ),
]


@pytest.mark.parametrize(("name", "values", "expected"), PARQUET_CELLS, ids=lambda v: str(v)[:20])
def test_a_parquet_column_is_read_as_its_text(
    folder: Path, name: str, values: pa.Array, expected: list[str | None]
) -> None:
    assert column_of(folder, "orders", name, values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([date(2020, 1, 10)], pa.date32()), "2020-01-10"),
        (pa.array([date(2020, 1, 10)], pa.date64()), "2020-01-10"),
        (pa.array([datetime(2020, 1, 10)], pa.timestamp("us")), "2020-01-10"),
        (pa.array([NOON], pa.timestamp("us")), "2020-01-10T12:00:00.000000"),
        (pa.array(["2020-01-10"]), "2020-01-10"),
    ],
)
def test_a_parquet_date_is_a_date(folder: Path, values: pa.Array, expected: str) -> None:
    assert column_of(folder, "holds", "starts_on", values) == [expected]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
@settings(max_examples=30, deadline=None)
def test_a_float_is_its_shortest_decimal_text(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    folder = tmp_path_factory.mktemp("floats")
    texts = [f"{Decimal(repr(value)):f}" for value in values]
    plain = [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]
    assert column_of(folder, "orders", "amount", pa.array(values)) == plain


def test_an_integral_float_is_an_int(folder: Path) -> None:
    columns = [pa.array([text]) for text in ("O1", "X1", "9.5", "1")]
    numbers = [pa.array([value]) for value in (3.0, 2)]
    names = ["order_id", "product_code", "amount", "bv", "line_no", "quantity"]
    data = parquet(folder, **dict(zip(names, columns + numbers, strict=True)))
    with loaded(write_book(folder, drop({"order_lines.parquet": data}))) as con:
        assert con.execute("select line_no, quantity from extracts.order_lines").fetchall() == [
            (3, 2)
        ]


def orders_parquet(folder: Path, **columns: pa.Array) -> bytes:
    """Two orders as a Parquet file of texts, with some columns of the test's own."""
    rows = [row("orders"), row("orders", order_id="O2")]
    texts = {name: pa.array([cells.get(name) for cells in rows]) for name in rows[0]}
    return parquet(folder, **(texts | columns))


def test_a_timestamp_without_zone_is_the_companys_time(folder: Path) -> None:
    data = orders_parquet(folder, ordered_at=pa.array([NOON, NOON], pa.timestamp("us")))
    with loaded(write_book(folder, drop({"orders.parquet": data}))) as con:
        found = con.execute("select distinct ordered_at from extracts.orders").fetchall()
    assert found == [(datetime(2020, 1, 10, 11),)]


def test_a_timestamp_with_zone_is_an_instant(folder: Path) -> None:
    at = pa.array([NOON.replace(tzinfo=UTC)] * 2, pa.timestamp("us", "America/New_York"))
    data = orders_parquet(folder, ordered_at=at)
    with loaded(write_book(folder, drop({"orders.parquet": data}))) as con:
        found = con.execute("select distinct ordered_at from extracts.orders").fetchall()
    assert found == [(NOON,)]


def test_rows_of_parquet_are_counted_from_two(folder: Path) -> None:
    data = orders_parquet(folder, bv=pa.array([1.0, 1.005]))
    found = check(write_book(folder, drop({"orders.parquet": data})))
    assert listed(found, "file", "line", "key", "code", "column") == [
        ("orders.parquet", 3, "O2", "type", "bv")
    ]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([["a"], []]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())),
    ],
    ids=["list", "struct", "map"],
)
def test_a_nested_parquet_column_stops(folder: Path, values: pa.Array) -> None:
    told = stop_of(folder, "orders.parquet", orders_parquet(folder, customer_name=values))
    assert "customer_name" in told and "nested" in told


@pytest.mark.parametrize(
    "values",
    [pa.array([["a"], []]), pa.array([b"\xff", b"\xfe"]), pa.array([1, 2], pa.duration("s"))],
    ids=["list", "binary", "duration"],
)
def test_an_unknown_parquet_column_may_hold_anything(folder: Path, values: pa.Array) -> None:
    data = orders_parquet(folder, photo=values)
    found = check(write_book(folder, drop({"orders.parquet": data})))
    assert (found.stopped, listed(found)) == (None, [])
    assert found.notes == ["orders: orders.parquet: unknown column 'photo' was ignored"]


def test_binary_that_is_no_utf8_stops(folder: Path) -> None:
    data = orders_parquet(folder, customer_name=pa.array([b"\xff", b"a"]))
    assert "cannot be read" in stop_of(folder, "orders.parquet", data)


def test_a_parquet_column_that_stands_twice_stops(folder: Path) -> None:
    folder.mkdir()
    arrays = [pa.array(["H1"])] * 2
    pq.write_table(pa.Table.from_arrays(arrays, names=["hold_id", "hold_id"]), folder / "twice")
    told = stop_of(folder, "holds.parquet", (folder / "twice").read_bytes())
    assert "the column 'hold_id' stands twice" in told


def test_parquet_columns_that_differ_in_case_are_two(folder: Path) -> None:
    theirs = pa.array(["other", "other"])
    names = {"ORDER_ID": theirs, "BV": theirs}
    data = parquet(
        folder,
        **names,
        **{name: pa.array([cell, cell]) for name, cell in VALID_HOLD.items()},
        Kind=theirs,
    )
    found = cells_of(folder, "holds", data, "parquet")
    assert found == [VALID_HOLD, VALID_HOLD]


VALID_HOLD = row("holds")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-3],
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:4] + b"\xff" * 40 + data[44:],
        lambda data: data[:-40] + b"\xff" * 32 + data[-8:],
        lambda data: HOLDS.encode(),
    ],
    ids=["end cut", "half", "empty", "content", "footer", "a CSV"],
)
def test_a_corrupt_parquet_file_stops(folder: Path, change: object) -> None:
    data = orders_parquet(folder)
    assert callable(change)
    stop_of(folder, "orders.parquet", change(data))


@pytest.mark.parametrize(
    "place", ["kind=NL", "country=BE", "a[b]c", "what?", "star*", "it's 100% {a,b}", "日本"]
)
def test_a_books_path_may_hold_any_character(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    book = write_book(folder, drop({"orders.parquet": orders_parquet(folder)}))
    with loaded(book) as con:
        found = con.execute("select order_id, country from extracts.orders order by 1").fetchall()
    assert found == [("O1", "NL"), ("O2", "NL")]


# Mapping.


def mapped(folder: Path, mapping: str, files: dict[str, str | bytes]) -> Path:
    """A book with a mapping beside its policy."""
    book = write_book(folder, files)
    write_files(book, {"mapping.toml": mapping})
    return book


SALES = "OrderNo,When,channel,seller_id,customer_email,country,amount,currency,bv\n" + (
    "O1,2020-01-10T12:00Z,DIRECT,M1,kim@y.com,NL,1,EUR,1\n"
)
SALES_MAPPING = """
[orders]
file = "SalesOrders"
[orders.columns]
order_id = "OrderNo"
ordered_at = "When"
[orders.values.channel]
DIRECT = "sale"
"""


def sales_drop(text: str = SALES) -> dict[str, str | bytes]:
    """A drop whose orders are the vendor's."""
    files = drop() | {"SalesOrders.csv": text}
    del files["orders.csv"]
    return files


def test_a_mapping_renames_files_columns_and_values(folder: Path) -> None:
    with loaded(mapped(folder, SALES_MAPPING, sales_drop())) as con:
        found = con.execute("select order_id, channel, file from extracts.orders").fetchall()
    assert found == [("O1", "sale", "SalesOrders.csv")]


def test_names_and_values_that_are_not_mapped_stand_as_they_are(folder: Path) -> None:
    found = check(mapped(folder, SALES_MAPPING, sales_drop(SALES.replace("DIRECT", "sale"))))
    assert (found.stopped, listed(found)) == (None, [])


def test_a_value_is_mapped_whole_and_not_in_part(folder: Path) -> None:
    found = check(mapped(folder, SALES_MAPPING, sales_drop(SALES.replace("DIRECT", "DIRECT "))))
    assert listed(found) == [("orders", 2, "O1", "value", "channel")]


def test_columns_may_change_places(folder: Path) -> None:
    mapping = '[holds.columns]\nhold_id = "member_id"\nmember_id = "hold_id"\n'
    text = csv_text("holds", [row("holds", hold_id="M1", member_id="H1")])
    with loaded(mapped(folder, mapping, drop({"holds.csv": text}))) as con:
        assert con.execute("select hold_id, member_id from extracts.holds").fetchall() == [
            ("H1", "M1")
        ]


def test_a_mapping_in_a_drop_is_in_force_from_there_on(folder: Path) -> None:
    book = write_book(folder, drop(), sales_drop(), sales_drop())
    write_files(book / "2020-02", {"mapping.toml": SALES_MAPPING})
    assert [check(book, f"2020-0{n}").stopped for n in (1, 2, 3)] == [None, None, None]


def test_a_mapping_in_a_drop_replaces_the_whole(folder: Path) -> None:
    book = mapped(folder, SALES_MAPPING, sales_drop())
    write_files(book / "2020-02", drop() | {"mapping.toml": "[holds]\n"})
    assert check(book, "2020-02").stopped is None


def test_a_required_column_that_the_vendor_left_out_is_told_in_our_words(folder: Path) -> None:
    told = check(mapped(folder, SALES_MAPPING, sales_drop(SALES.replace("When", "Then")))).stopped
    assert "columns.ordered_at names 'When'" in str(told)


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("[order]\n", "did you mean 'orders'?"),
        ("orders = 1\n", "orders: must be a section"),
        ("[orders]\nfiles = 'x'\n", "unknown key, did you mean 'file'?"),
        ("[orders]\nfile = 'a/b'\n", "orders.file"),
        ("[orders]\nfile = ''\n", "orders.file"),
        ("[orders]\nfile = 'x'\n[leads]\nfile = 'x'\n", "orders and leads both take the file 'x'"),
        ("[orders]\nfile = 'members'\n", "both members and orders take this file"),
        ("[members]\nfile = 'orders'\n", "both members and orders take this file"),
        ("[orders.columns]\norderid = 'x'\n", "did you mean 'order_id'?"),
        ("[orders.columns]\norder_id = 'x'\nbv = 'x'\n", "columns.bv names 'x'"),
        ("[orders.columns]\norder_id = 1\n", "orders.columns.order_id"),
        ("[orders.columns]\norder_id = ''\n", "orders.columns.order_id"),
        ("[orders.values]\nchannel = 'x'\n", "must be a section"),
        ("[orders.values.chanel]\nWEB = 'retail'\n", "did you mean 'channel'?"),
        ("[orders.values.channel]\nWEB = 1\n", "WEB"),
        ("[orders", "is not valid TOML"),
    ],
)
def test_a_bad_mapping_stops_and_names_the_key(folder: Path, mapping: str, told: str) -> None:
    assert told in why_stopped(mapped(folder, mapping, drop()))


def test_the_message_of_a_header_twice_names_the_file(folder: Path) -> None:
    write_files(folder, {"holds.csv": f"{HEADER},kind\n"})
    with pytest.raises(Stop, match="holds.csv.*'kind' stands twice"):
        read_cells(folder / "holds.csv", SHAPES["holds"].cells, TableMapping("holds"))
