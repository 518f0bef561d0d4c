"""The least a month can cost: read the drop typed, scan the activity window, write the bytes.

Belongs here: no rule at all. Given the reports of a month, it writes every file of them again, so
that what remains of a real close above this figure is the work of the rules and the reports.
Nothing is flushed to the disk, and fetching the bytes that are written is not counted: a close has
them in memory.
`python -m benchmarks.peers.floor --book DIR --month M --store FILE --reports DIR --out DIR`
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

MONEY = "decimal(14, 2)"
TYPES = {
    "amount": MONEY, "bv": MONEY, "price": MONEY, "monthly_budget": MONEY, "line_no": "integer",
    "quantity": "integer", "quantity_authorised": "integer", "quantity_received": "integer",
    "instalments": "integer", "contact_opt_out": "boolean", "ran_displayed": "boolean",
    "proof_of_purchase": "boolean", "week_start": "date",
}  # fmt: skip
ACTIVITY_MONTHS = 24
PACKS = ("leaders", "leaders.zip")
BATCH_BYTES = 64 << 20


def column_type(name: str) -> str:
    """The declared type of a column: by its name, as the contract's columns are named."""
    if name in TYPES:
        return TYPES[name]
    return {"_on": "date", "_at": "timestamptz"}.get(name[-3:], "varchar")


def source(path: Path) -> str:
    """The table function that reads a file with declared types."""
    if path.suffix == ".parquet":
        return f"read_parquet('{path}')"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    columns = ", ".join(f"'{name}': '{column_type(name)}'" for name in header)
    return f"read_csv('{path}', header = true, columns = {{{columns}}})"


def connect(book: Path, store: Path) -> duckdb.DuckDBPyConnection:
    """Open the store of earlier orders in the company's time zone."""
    zone = tomllib.loads((book / "policy.toml").read_text("utf-8"))["company"]["timezone"]
    connection = duckdb.connect(str(store))
    connection.execute("set timezone = $zone", {"zone": zone})
    return connection


def prepare(connection: duckdb.DuckDBPyConnection, book: Path, month: str) -> None:
    """Load the orders of earlier drops once; this is not timed."""
    earlier = sorted(drop for drop in book.iterdir() if drop.is_dir() and drop.name < month)
    selects = [
        "select coalesce(buyer_id, seller_id) as holder_id, ordered_at::timestamptz::date as day, "
        f"amount::{MONEY} as amount from {source(path)}"
        for drop in earlier
        for path in drop.glob("orders.*")
    ]
    connection.execute("create or replace table earlier as " + " union all ".join(selects))
    connection.execute("checkpoint")


def run(
    connection: duckdb.DuckDBPyConnection, book: Path, month: str, reports: Path, out: Path
) -> dict[str, Any]:
    """Read, scan, write; seconds of each, and how many files and bytes were written."""
    started = time.perf_counter()
    for path in sorted((book / month).glob("*.*")):
        if path.suffix in (".csv", ".parquet", ".gz"):
            table = path.name.split(".")[0]
            connection.execute(f"create temp table {table} as select * from {source(path)}")
    read = time.perf_counter()
    connection.execute(
        "create temp table activity as select holder_id, max(day) as last_on from earlier "
        f"where amount > 0 and day >= $month::date - interval {ACTIVITY_MONTHS - 1} month "
        "group by holder_id",
        {"month": f"{month}-01"},
    )
    scanned = time.perf_counter()
    files = sorted(path for path in reports.rglob("*") if path.is_file())
    is_pack = [path.relative_to(reports).parts[0] in PACKS for path in files]
    written = write([path for path, pack in zip(files, is_pack, strict=True) if not pack],
                    reports, out)  # fmt: skip
    packs = write([path for path, pack in zip(files, is_pack, strict=True) if pack], reports, out)
    return {
        "read": read - started, "scan": scanned - read, "write": written, "write_packs": packs,
        "seconds": scanned - started + written + packs, "files": len(files),
        "pack_files": sum(is_pack), "bytes": sum(path.stat().st_size for path in files),
    }  # fmt: skip


def write(files: list[Path], reports: Path, out: Path) -> float:
    """Write files again at the same place below another folder; seconds of folders and writing."""
    seconds, made = 0.0, set[Path]()
    for batch in batches(files, reports):
        start = time.perf_counter()
        for path, content in batch:
            place = out / path
            if place.parent not in made:
                place.parent.mkdir(parents=True, exist_ok=True)
                made.add(place.parent)
            with place.open("ab") as target:
                target.write(content)
        seconds += time.perf_counter() - start
    return seconds


def batches(files: list[Path], reports: Path) -> Iterator[list[tuple[Path, bytes]]]:
    """The files' places and bytes, so many at a time as memory has room for: a large file comes in
    several."""
    batch: list[tuple[Path, bytes]] = []
    held = 0
    for path in files:
        for content in blocks(path):
            batch.append((path.relative_to(reports), content))
            held += len(content)
            if held >= BATCH_BYTES:
                yield batch
                batch, held = [], 0
    yield batch


def blocks(path: Path) -> Iterator[bytes]:
    """A file's bytes, some at a time; at least one block."""
    with path.open("rb") as source:
        content = source.read(BATCH_BYTES)
        yield content
        while content := source.read(BATCH_BYTES):
            yield content


def main() -> None:
    """Parse the command line, prepare the store if need be, print a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--month", required=True)
    parser.add_argument("--store", type=Path, required=True, help="made when it is not there")
    parser.add_argument("--reports", type=Path, required=True, help="the month's reports")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    is_new = not given.store.exists()
    connection = connect(given.book, given.store)
    try:
        if is_new:
            prepare(connection, given.book, given.month)
        timings = run(connection, given.book, given.month, given.reports, given.out)
    finally:
        connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rounded = {name: round(told, 3) for name, told in timings.items()}
    print(json.dumps({"month": given.month, **rounded, "peak_mib": peak}))


if __name__ == "__main__":
    main()
