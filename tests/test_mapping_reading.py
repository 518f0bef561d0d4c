"""What a mapping says of files and cells, and what stops (contract 5)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_book import check, csv_text, drop, listed, loaded, row, why_stopped, write_book

HEADER = "order_id,ordered_at,channel,seller_id,customer_email,country,amount,currency,bv"
ROW = "O1,2020-01-10T12:00Z,sale,M1,kim@y.com,NL,1.00,EUR,1.00"


def mapped(folder: Path, mapping: str, files: Mapping[str, str | bytes]) -> Path:
    """A book whose orders are read by the mapping, from these files."""
    whole = drop()
    del whole["orders.csv"]
    book = write_book(folder / "book", whole | dict(files))
    (book / "mapping.toml").write_text(mapping, encoding="utf-8")
    return book


def orders(book: Path, columns: str = "order_id, file, line") -> list[tuple[object, ...]]:
    """The orders that are loaded, in the file's order."""
    with loaded(book) as con:
        return con.execute(f"select {columns} from extracts.orders order by file, line").fetchall()


def workbook(path: Path, rows: Sequence[Sequence[object]], title: str = "Orders") -> bytes:
    """A workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    book.active.title = title
    for each in rows:
        book.active.append(each)
    path.mkdir(parents=True, exist_ok=True)
    book.save(path / "written.xlsx")
    return (path / "written.xlsx").read_bytes()


def test_files_of_a_pattern_are_one_and_each_row_names_its_own(tmp_path: Path) -> None:
    text = f"title\n{HEADER}\n{ROW}\nthe end,,,,,,,,\n"
    third = text.replace("O1,2020", "O3,x2020").encode()
    files: dict[str, str | bytes] = {
        "S 2.csv": text.replace("O1,", "O2,"),
        "S 1.CSV": text,
        "S 3.csv.gz": gzip.compress(third),
    }
    book = mapped(tmp_path, '[orders]\nfile = "S *"\nskip_lines = 1\nskip_footer = 1\n', files)
    assert orders(book) == [("O1", "S 1.CSV", 3), ("O2", "S 2.csv", 3)]
    assert listed(check(book), "file", "line", "code") == [("S 3.csv.gz", 3, "type")]


def test_a_repeated_row_of_another_file_is_a_duplicate_of_it(tmp_path: Path) -> None:
    files = {f"S{n}.csv": f"{HEADER}\n{ROW}\n" for n in (1, 2)}
    found = check(mapped(tmp_path, '[orders]\nfile = "S*.csv"\n', files))
    assert listed(found, "file", "line", "code") == [("S2.csv", 2, "duplicate")]


@pytest.mark.parametrize("mark", ["[", "]", "?", ".", "+"])
def test_a_star_is_the_only_sign_of_a_pattern(tmp_path: Path, mark: str) -> None:
    files = {f"S{mark}1.csv": f"{HEADER}\n{ROW}\n"}
    assert orders(mapped(tmp_path, f'[orders]\nfile = "S{mark}*"\n', files), "order_id") == [
        ("O1",)
    ]


def test_a_file_without_a_header_has_the_mappings(tmp_path: Path) -> None:
    names = ", ".join(f'"{name}"' for name in HEADER.split(","))
    mapping = f'[orders]\nfile = "S.txt"\nformat = "csv"\ndelimiter = "|"\nheader = [{names}]\n'
    book = mapped(tmp_path, mapping, {"S.txt": ROW.replace(",", "|") + "\n"})
    assert orders(book) == [("O1", "S.txt", 1)]


def test_values_are_mapped_then_formats_applied(tmp_path: Path) -> None:
    mapping = """
[orders]
decimal = ","
thousands = "."
time_format = "%d.%m.%Y %H:%M"
time_zone = "America/New_York"
[orders.columns]
bv = "amount"
[orders.constants]
currency = "EUR"
[orders.values.channel]
"" = "retail"
"*" = "sale"
[orders.values.ordered_at]
never = "01.01.2020 12:00"
[orders.values.seller_id]
nobody = ""
"""
    text = (
        "order_id;ordered_at;channel;seller_id;customer_email;country;amount\n"
        "O1;10.01.2020 12:00;WEB;M1;kim@y.com;NL;1.234,50\n"
        "O2;never;;nobody;kim@y.com;NL;2\n"
        "O3;2020-01-10T12:00;WEB;M1;kim@y.com;NL;12.50\n"
        "O4;10.01.2020 12:00;WEB;M1;kim@y.com;NL;-1,00\n"
    )
    mapping = mapping.replace("[orders]\n", '[orders]\ndelimiter = ";"\n', 1)
    book = mapped(tmp_path, mapping, {"orders.csv": text})
    shown = "order_id, ordered_at::varchar, channel, seller_id, amount::varchar, bv::varchar"
    assert orders(book, shown) == [
        ("O1", "2020-01-10 17:00:00", "sale", "M1", "1234.50", "1234.50"),
        ("O2", "2020-01-01 17:00:00", "retail", None, "2.00", "2.00"),
    ]
    assert listed(check(book), "key", "code", "column", "raw") == [
        ("O3", "type", "amount", "O3,2020-01-10T12:00,WEB,M1,kim@y.com,NL,12.50"),
        ("O3", "type", "bv", "O3,2020-01-10T12:00,WEB,M1,kim@y.com,NL,12.50"),
        ("O3", "type", "ordered_at", "O3,2020-01-10T12:00,WEB,M1,kim@y.com,NL,12.50"),
        ("O4", "value", "amount", "O4,10.01.2020 12:00,WEB,M1,kim@y.com,NL,-1,00".replace(
            "-1,00", '"-1,00"')),
        ("O4", "value", "bv", "O4,10.01.2020 12:00,WEB,M1,kim@y.com,NL,-1,00".replace(
            "-1,00", '"-1,00"')),
    ]  # fmt: skip


def test_a_workbooks_cells_are_their_values(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [None, None],
        [*HEADER.split(","), "contact_opt_out"],
        [1001.0, datetime(2020, 1, 10, 12, 0, 0, 600_000), "sale", "M1", "kim@y.com", "NL", 1234.5,
         "EUR", 3, True],
        [],
        ["O2", date(2020, 1, 10), "sale", "M1", "kim@y.com", "NL", "1.234,50", "EUR", 0.1, None],
        ["O3", "10.01.2020", "sale", "M1", "kim@y.com", "NL", 12.345, "EUR", "#N/A", False],
    ]  # fmt: skip
    mapping = (
        '[orders]\ndecimal = ","\nthousands = "."\ntime_format = "%d.%m.%Y"\nsheet = "Orders"\n'
    )
    book = mapped(tmp_path, mapping, {"orders.xlsx": workbook(tmp_path, rows)})
    shown = "order_id, ordered_at::varchar, amount::varchar, bv::varchar, contact_opt_out, line"
    assert orders(book, shown) == [
        ("1001", "2020-01-10 11:00:01", "1234.50", "3.00", True, 3),
        ("O2", "2020-01-09 23:00:00", "1234.50", "0.10", False, 5),
    ]
    assert listed(check(book), "line", "code", "column") == [
        (6, "type", "amount"), (6, "type", "bv"),
    ]  # fmt: skip


def test_a_date_column_takes_the_date_of_a_midnight_alone(tmp_path: Path) -> None:
    names = ["hold_id", "member_id", "kind", "starts_on", "ends_on"]
    rows: list[Sequence[object]] = [
        names,
        ["H1", "M1", "standing", datetime(2020, 1, 5), "2020-01-06"],
        ["H2", "M1", "standing", datetime(2020, 1, 5, 12), None],
    ]
    book = write_book(tmp_path / "book", drop({"holds.xlsx": workbook(tmp_path, rows)}))
    assert listed(check(book), "key", "code", "column") == [("H2", "type", "starts_on")]


def test_a_workbook_without_that_sheet_stops(tmp_path: Path) -> None:
    data = workbook(tmp_path, [HEADER.split(",")])
    told = why_stopped(mapped(tmp_path, '[orders]\nsheet = "Order"\n', {"orders.xlsx": data}))
    assert "it has no sheet 'Order', did you mean 'Orders'?" in told


def test_values_of_parquet_count_as_they_stand_and_texts_by_the_marks(tmp_path: Path) -> None:
    whole = row("orders")
    columns = {name: pa.array([cell]) for name, cell in whole.items()}
    columns |= {"amount": pa.array([1.5]), "bv": pa.array(["1,5"])}
    pq.write_table(pa.table(columns), tmp_path / "written")
    files = {"orders.parquet": (tmp_path / "written").read_bytes()}
    book = mapped(tmp_path, '[orders]\ndecimal = ","\n', files)
    assert orders(book, "amount::varchar, bv::varchar") == [("1.50", "1.50")]


def test_columns_that_are_not_used_may_be_named_twice_or_not_at_all(tmp_path: Path) -> None:
    text = f"x,,{HEADER},x,customer_name\n1,2,{ROW},3,Kim\n"
    mapping = '[orders.columns]\ncustomer_name = "customer_name"\n'
    assert orders(mapped(tmp_path, mapping, {"orders.csv": text}), "customer_name") == [("Kim",)]
    twice = text.replace("x,,", "amount,,", 1)
    told = why_stopped(mapped(tmp_path / "twice", mapping, {"orders.csv": twice}))
    assert "the column 'amount' stands twice" in told


def test_a_file_that_is_not_there_is_an_empty_table_but_for_members_and_orders(
    tmp_path: Path,
) -> None:
    book = mapped(tmp_path, '[leads]\nfile = "Leads*"\n', {"orders.csv": f"{HEADER}\n{ROW}\n"})
    assert why_stopped(book) == ""
    book = mapped(tmp_path / "none", '[orders]\nfile = "Sales"\n', {})
    assert "Sales.csv (or .csv.gz, .parquet, .xlsx) is missing" in why_stopped(book)


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ('[orders]\nencoding = "utf-9"\n', "orders.encoding: found 'utf-9'"),
        ('[orders]\nencoding = "hex"\n', "orders.encoding: found 'hex'"),
        ('[orders]\ndelimiter = ";;"\n', "orders.delimiter: found ';;', must be one character"),
        ('[orders]\ndelimiter = "\\""\n', "another character than the delimiter"),
        ("[orders]\nskip_lines = -1\n", "orders.skip_lines"),
        ("[orders]\ntrim = 1\n", "orders.trim: found 1, must be true or false"),
        ('[orders]\nformat = "xls"\n', "must be csv, parquet or xlsx"),
        ('[orders]\nsheet = "x"\n', "orders.sheet of the mapping means nothing"),
        ('[orders]\ntime_zone = "Mars"\n', "orders.time_zone: found 'Mars'"),
        ('[orders]\nthousands = "."\n', "another character than the decimal mark"),
        ('[orders]\ndecimal = "5"\n', "orders.decimal: found '5'"),
        ('[orders]\ntime_format = "%H:%M"\n', "orders.time_format: found '%H:%M'"),
        ('[orders]\ndate_format = "%d.%m.%Q"\n', "strptime's directives, '%Q' is none"),
        ('[orders.formats]\namount = "%Y-%m-%d"\n', "amount is neither a date nor a time"),
        ('[orders.constants]\nchannel = "shop"\n', "one of member, sale, retail"),
        ('[orders.constants]\ncurrency = "EUR"\n', "has a column 'currency' as well"),
        ('[orders.constants]\namount = "-1"\n', "orders.constants.amount: found '-1'"),
        ('[orders.columns]\nbv = "x"\n[orders.constants]\nbv = "1"\n', "keep one of them"),
        ('[orders.constants]\nparty_id = "P"\n[orders.values.party_id]\na = "b"\n', "a constant"),
        ('[orders.values.amount]\nfree = "0,00"\n', "'free' gives '0,00', which must be a number"),
        ('[orders.values.channel]\nx = ""\n', "the column is required"),
        ('[orders.values.party_id]\nx = "P1"\n', "orders.csv has no column 'party_id'"),
        ('[orders.values.chanel]\nx = "sale"\n', "'chanel', did you mean 'channel'?"),
        ('[orders.formats]\nordered = "%Y-%m-%d"\n', "did you mean 'ordered_at'?"),
        ('[orders]\nlookup = true\n', "orders.lookup: unknown key"),
        ('[sources."a b"]\nfile = "x"\n', "letters, digits and _"),
        ('[sources.a]\nfile = "x"\n[sources.A]\nfile = "y"\n', "SQL cannot tell it from"),
        ('[sources.a]\nfile = "x.csv"\nlookup = true\n', "sources.a.file: there is no"),
        ('[sources.a]\nfile = "x"\ndecimal = ","\n', "sources.a.decimal: unknown key"),
        ('[sources.a]\nfile = "order*"\n', "both orders and sources.a take this file"),
        ('[orders.columns]\nbv = "Bv"\n', "columns.bv names 'Bv', did you mean 'bv'?"),
        ('[orders.columns]\nbv = "Bv"\namount = "Sum"\n', "columns.amount names 'Sum'"),
    ],
)  # fmt: skip
def test_a_mapping_fault_stops_and_names_its_key(tmp_path: Path, mapping: str, told: str) -> None:
    assert told in why_stopped(mapped(tmp_path, mapping, {"orders.csv": f"{HEADER}\n{ROW}\n"}))


def test_files_of_one_pattern_must_have_one_header(tmp_path: Path) -> None:
    files = {"S1.csv": f"{HEADER}\n{ROW}\n", "S2.csv": f"{HEADER},x\n{ROW},1\n"}
    told = why_stopped(mapped(tmp_path, '[orders]\nfile = "S*"\n', files))
    assert "S2.csv: column 10 is 'x' and in S1.csv it is none" in told


def test_bad_rows_of_members_name_their_own_file(tmp_path: Path) -> None:
    files = {"M1.csv": csv_text("members", [row("members")]),
             "M2.csv": csv_text("members", [row("members", member_id="M2", country="nl")]),
             "orders.csv": csv_text("orders", [row("orders")])}  # fmt: skip
    book = write_book(tmp_path / "book", drop())
    for name in ("members.csv", "orders.csv"):
        (book / "2020-01" / name).unlink()
    for name, text in files.items():
        (book / "2020-01" / name).write_text(text)
    (book / "mapping.toml").write_text('[members]\nfile = "M*.csv"\n')
    assert "M2.csv line 2: value country" in why_stopped(book)
