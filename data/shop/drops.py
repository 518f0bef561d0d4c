"""Writing: which table goes into which file of which drop, in which format, byte for byte alike.

No rule about the data belongs here.
"""

from pathlib import Path
from typing import Final

import polars as pl
from periods import MONTHS

COMPRESSED_CSV: Final = ("members", "orders")
PARQUET: Final = ("order_lines",)


def extension_of(table: str, month: str) -> str:
    """Parquet for lines and for the orders of the history, gzip for other large tables."""
    if table in PARQUET or (table == "orders" and month == MONTHS[0]):
        return ".parquet"
    return ".csv.gz" if table in COMPRESSED_CSV else ".csv"


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame in the format that its file's name says."""
    if path.suffix == ".parquet":
        frame.write_parquet(
            path, compression="zstd", compression_level=12, row_group_size=1_000_000
        )
    elif path.suffix == ".gz":
        frame.write_csv(path, compression="gzip", compression_level=9)
    else:
        frame.write_csv(path)


def write_drops(book: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Write each table's rows into their drops; a drop without rows of a table has no file."""
    for month in MONTHS:
        (book / month).mkdir(parents=True, exist_ok=True)
    for table, frame in tables.items():
        for (month,), rows in frame.partition_by("drop", as_dict=True).items():
            path = book / str(month) / f"{table}{extension_of(table, str(month))}"
            write_frame(rows.drop("drop"), path)
