"""What a mapping with formats costs: `python -m benchmarks.exports --rows 10000000`.

Belongs here: one table of orders written twice, in contract 1's form and as a German export with
the mapping that reads it, and each loaded by a process of its own. The two give the same rows,
which is looked at before anything is compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.processes import module, run
from pipelines.book.drops import CELLS, open_book
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts.load import replace_table
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month

MONTH = "2026-01"
POLICY = """\
[company]
name = "Exports"
currency = "EUR"
timezone = "Europe/Amsterdam"
opening_month = "2026-01"
ranks = ["associate", "manager", "director"]
"""
CALENDAR = """\
month,qualification_start,qualification_end,benefits_start,benefits_end
2026-01,2025-12-29,2026-01-25,2026-02-02,2026-03-01
"""
MEMBERS = """\
member_id,member_type,country,enrolled_on,rank
M0,associate,NL,2019-01-01,director
"""
MAPPING = """\
[orders]
file = "Bestellungen.csv"
delimiter = ";"
decimal = ","
thousands = "."
time_format = "%d.%m.%Y %H:%M"

[orders.columns]
order_id = "Bestellnr."
ordered_at = "Datum"
channel = "Art"
seller_id = "Berater"
customer_email = "E-Mail"
amount = "Betrag"
bv = "Punkte"

[orders.constants]
country = "NL"
currency = "EUR"

[orders.values.channel]
VERKAUF = "sale"
"""
ROWS = """
    select 'O' || i as order_id, timestamp '2026-01-01' + to_minutes(i % 43200) as ordered_at,
        'c' || i % 1000000 || '@x.example' as email, i % 250000 + 0.5 as amount, i % 5000 as bv
    from range({rows}) as numbers(i)
"""
PLAIN = """
    select order_id, strftime(ordered_at, '%Y-%m-%dT%H:%M') as ordered_at, 'sale' as channel,
        'M0' as seller_id, email as customer_email, 'NL' as country,
        cast(amount as decimal(18, 2)) as amount, 'EUR' as currency, bv
    from ({rows})
"""
GERMAN = """
    select order_id as "Bestellnr.", strftime(ordered_at, '%d.%m.%Y %H:%M') as "Datum",
        'VERKAUF' as "Art", 'M0' as "Berater", email as "E-Mail",
        translate(format('{{:,.2f}}', amount), ',.', '.,') as "Betrag",
        translate(format('{{:,}}', bv), ',', '.') as "Punkte"
    from ({rows})
"""


def write_books(folder: Path, rows: int) -> dict[str, Path]:
    """The two books, by their names."""
    made = ROWS.format(rows=rows)
    files = {
        "plain": (PLAIN, "orders.csv", ","), "mapped": (GERMAN, "Bestellungen.csv", ";"),
    }  # fmt: skip
    books = {}
    for name, (query, file, delimiter) in files.items():
        book = books[name] = folder / name
        (book / MONTH).mkdir(parents=True)
        (book / "policy.toml").write_text(POLICY)
        (book / "calendar.csv").write_text(CALENDAR)
        (book / MONTH / "members.csv").write_text(MEMBERS)
        with duckdb.connect() as con:
            con.execute(
                f"copy ({query.format(rows=made)}) to '{book / MONTH / file}' "
                f"(header, delimiter '{delimiter}')"
            )
    (books["mapped"] / "mapping.toml").write_text(MAPPING)
    return books


def load(book: Path) -> None:
    """Load the book's members and orders; print seconds of the orders, rows and their digest."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(
        Path(folder) / "warehouse.duckdb", Path(folder) / "spill"
    ) as con:  # fmt: skip
        opened = open_book(book, Month(MONTH))
        drop = opened.drop(Month(MONTH))
        replace_table(DuckLoading(con), opened, drop, SHAPES["members"])
        start = time.monotonic()
        found = replace_table(DuckLoading(con), opened, drop, SHAPES["orders"])
        seconds = time.monotonic() - start
        names = ", ".join(f'"{name}"' for name in CELLS["orders"])
        [(digest,)] = con.execute(
            f"select sum(hash({names})::hugeint) from drops.orders"
        ).fetchall()  # fmt: skip
    print(f"{seconds:.2f} {found.rows} {found.loaded} {digest}")


def main() -> None:
    """Write the books and load each in a process of its own, or load one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--load", type=Path, help="load this book, and nothing else")
    chosen = parser.parse_args()
    if chosen.load is not None:
        load(chosen.load)
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {chosen.rows:,} rows")
    told, peaks = {}, {}
    with tempfile.TemporaryDirectory(prefix="exports-") as folder:
        for name, book in write_books(Path(folder), chosen.rows).items():
            done = run(module("exports", "--load", book))
            told[name], peaks[name] = done.printed.split(), done.peak_mib
            print(f"{name:<7} {float(told[name][0]):7.2f} s to load  {done.seconds:7.2f} s in all  "
                  f"{done.processor_seconds:7.2f} s of processors  {done.peak_mib:>6} MiB",
                  flush=True)  # fmt: skip
    if told["plain"][1:] != told["mapped"][1:]:
        sys.exit(f"the two do not give the same rows: {told}")
    seconds = float(told["mapped"][0]) / float(told["plain"][0])
    print(f"mapped is {seconds:.2f} times plain, with {peaks['mapped'] / peaks['plain']:.2f} times "
          f"the memory; load {os.getloadavg()[0]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
