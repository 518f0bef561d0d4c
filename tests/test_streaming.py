"""A file of any size is read in batches: the same rows, lines and quarantine, in little memory.

Belongs here: what happens where one batch ends and the next begins, and what is held meanwhile.
What becomes of rows is in test_extracts, what a CSV file may be in test_csv_reading.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_book import OPENING, POLICY, Files, Row, check, csv_text, drop, loaded, row, write_book

from pipelines.book.drops import open_book
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.book.mapping import TableMapping
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts import batches, csv_parsing, quarantine
from pipelines.extracts.csv_reading import read_csv_cells, read_csv_header
from pipelines.extracts.quarantine import write_quarantine
from pipelines.extracts.reading import read_cells
from pipelines.extracts.shapes import SHAPES
from pipelines.stop import Stop

LENIENT = POLICY + "[quality]\nmax_quarantined_share = 1\n"
Shrink = Callable[[int], None]


@pytest.fixture
def shrink(monkeypatch: pytest.MonkeyPatch) -> Shrink:
    """Makes the parser's blocks so many bytes, and every one of them a batch."""

    def shrink_to(size: int) -> None:
        monkeypatch.setattr(csv_parsing, "BLOCK", size)
        monkeypatch.setattr(batches, "BATCH_BYTES", 1)
        monkeypatch.setattr(quarantine, "MOST_AT_ONCE", 2)

    return shrink_to


def records_of(path: Path, form: FileForm, block: int) -> list[tuple[object, ...]] | str:
    """A file's records with their lines, or why it cannot be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_parsing, "BLOCK", block)
        try:
            return [
                (line, *cells.values())
                for records in read_csv_cells(path, read_csv_header(path, form), form)
                for line, cells in zip(
                    records.lines.to_pylist(), records.cells.to_pylist(), strict=True
                )
            ]
        except ValueError as error:
            return str(error)


ROWS = "".join(f"{number},x\n" for number in range(60))
LONG = f'"{"long " * 40}",y\n'


@pytest.mark.parametrize(
    "text",
    [ROWS + LONG + ROWS, ROWS + ",,,\n" + ROWS + ",,\n5,6\n", ROWS + ",\n" * 50 + ROWS,
     ROWS + "x\n" + ROWS, ROWS + '1,"\n' + ROWS, ROWS + "1,\xff\n"],
    ids=["a long record", "empty ones of another width", "empty ones", "a ragged one",
         "an open quote", "a byte that is no UTF-8"],
)  # fmt: skip
@pytest.mark.parametrize("form", [PLAIN, FileForm(skip_footer=70), FileForm(trim=True)], ids=str)
def test_what_comes_late_in_a_file_is_read_as_in_one_piece(
    tmp_path: Path, text: str, form: FileForm
) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(b"a,b\n" + text.encode("latin-1"))
    whole = records_of(path, form, 1 << 20)
    assert records_of(path, form, 64) == whole
    assert whole != []


@pytest.mark.long
@given(
    st.lists(st.sampled_from(["1,2\n", ",\n", ",,\n", "\n", " , \n", '"a\nb","c"\n', "3,4\r\n",
                              "x\n", '"', f"{'z' * 50},1\n"]), max_size=30),
    st.integers(0, 3), st.booleans(), st.integers(20, 60),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_a_file_is_the_same_in_blocks_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], footer: int, trim: bool, block: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "blocks.csv"
    path.write_text("a,b\n" + "".join(parts), newline="")
    form = FileForm(skip_footer=footer, trim=trim)
    assert records_of(path, form, block) == records_of(path, form, 1 << 20)


def spoiled_orders() -> list[Row]:
    """Orders of which some are bad, some repeat far from the first, some name nobody."""
    orders = [row("orders", order_id=f"O{number}") for number in range(200)]
    orders[150] = row("orders", order_id="O3")
    orders[160] = row("orders", order_id="O5", amount="9.99")
    orders[170] = row("orders", order_id="O170", seller_id="NOBODY")
    for number in (10, 90, 199):
        orders[number] = row("orders", order_id=f"O{number}", amount="x", currency=None)
    # A batch of other years than the rest has other changes of the clock.
    for number in range(100, 140):
        orders[number]["ordered_at"] = f"2007-07-{number % 28 + 1:02}T23:30:00"
    return orders


def one_file() -> Files:
    """A drop with the spoiled orders in one file."""
    return drop(orders=spoiled_orders())


def several_files() -> Files:
    """They in two files, each with a footer, as one table."""
    header, *lines = csv_text("orders", spoiled_orders()).splitlines(keepends=True)
    files = drop()
    del files["orders.csv"]
    return files | {
        "sales_1.csv": "".join([header, *lines[:100], "total\n"]),
        "sales_2.csv": "".join([header, *lines[100:], "total\n"]),
        "mapping.toml": '[orders]\nfile = "sales_*.csv"\nskip_footer = 1\n',
    }


def orders_of(book: Path) -> list[tuple[object, ...]]:
    """All that is loaded of its orders."""
    with loaded(book) as con:
        return con.execute("select * from drops.orders order by all").fetchall()


@pytest.mark.long
@pytest.mark.parametrize("files", [one_file, several_files])
def test_a_drop_is_the_same_in_batches_of_any_size(
    tmp_path: Path, shrink: Shrink, files: Callable[[], Files]
) -> None:
    book = write_book(tmp_path / "book", files(), policy=LENIENT)
    found, orders = check(book), orders_of(book)
    assert (found.stopped, len(found.quarantine), len(orders)) == (None, 10, 193)
    shrink(600)
    assert (check(book), orders_of(book)) == (found, orders)


def test_a_parquet_file_of_many_batches_keeps_its_order(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    duckdb.execute(
        f"""copy (select 'L' || i as lead_id, '2020-01-10' as requested_at, 'NL' as country
                  from range(250000) as numbers(i)) to '{path}' (row_group_size 10000)"""
    )
    cells = read_cells(path, SHAPES["leads"].cells, TableMapping("leads"))
    numbers, lines = [], []
    for batch in cells.read():
        numbers += batch["lead_id"].to_pylist()
        lines += batch["line"].to_pylist()
    assert numbers == [f"L{number}" for number in range(250_000)]
    assert lines == list(range(2, 250_002))


LOST = "create or replace temp view listed as select 3 as line, 'type' as code, '' as \"column\""


def test_a_file_that_lost_a_listed_row_before_it_was_read_again_stops(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", drop())
    drop_read = open_book(book, OPENING).drop(OPENING)
    with loaded(book) as con:
        cells = read_cells(
            book / "2020-01" / "orders.csv", SHAPES["orders"].cells, drop_read.mapping_of("orders")
        )
        con.execute(LOST)
        with pytest.raises(Stop, match="orders.csv: it was changed while it was read"):
            write_quarantine(DuckLoading(con), drop_read, SHAPES["orders"], cells)


# Loads a book with small batches and little memory for the engine, and tells its peaks in bytes.
LOADING = """
import resource, sys
from pathlib import Path
import pyarrow as pa
from pipelines.book.drops import open_book
from pipelines.engines.duck import transaction
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts import batches, csv_parsing
from pipelines.extracts.load import replace_table
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
csv_parsing.BLOCK, batches.BATCH_BYTES = 1 << 18, 1 << 20
folder = Path(sys.argv[1])
book = open_book(folder / "book", Month("2020-01"))
drop = book.drop(Month("2020-01"))
with open_warehouse(folder / "warehouse.duckdb", folder / "spill") as con:
    con.execute("set memory_limit = '64MB'")
    con.execute("set threads = 1")
    for table in ("members", "orders"):
        with transaction(con):
            found = replace_table(DuckLoading(con), book, drop, SHAPES[table])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(found.loaded, found.quarantined, pa.default_memory_pool().max_memory(), peak)
"""
ORDERS = """
    copy (
        select 'O' || i as order_id, '2020-01-10T12:00:00Z' as ordered_at, 'sale' as channel,
            'M' || case when i % 1000 = 0 then 2 else 1 end as seller_id,
            'c' || i || '@x.example' as customer_email, repeat('name ' || i, 60) as customer_name,
            'NL' as country, 10 as amount, 'EUR' as currency, 8 as bv
        from range({rows}) as numbers(i)
    ) to '{path}' (header)
"""


@pytest.mark.long
def test_what_a_file_takes_does_not_grow_with_it(tmp_path: Path) -> None:
    found: list[list[int]] = []
    sizes: list[int] = []
    for rows in (30_000, 150_000):
        book = write_book(tmp_path / f"{rows}" / "book", drop())
        path = book / "2020-01" / "orders.csv"
        duckdb.execute(ORDERS.format(rows=rows, path=path))
        sizes.append(path.stat().st_size)
        command = [sys.executable, "-c", LOADING, str(book.parent)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        loaded_rows, quarantined, *peaks = map(int, told.split())
        assert (loaded_rows, quarantined) == (rows - rows // 1000, rows // 1000)
        found.append(peaks)
    [(text, peak), (more_text, more_peak)] = found
    more = sizes[1] - sizes[0]
    assert more_text - text < more / 20
    assert more_peak - peak < more / 2
