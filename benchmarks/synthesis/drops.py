"""Writes the tables of a book into its drops' files, one month after another.

Belongs here: files, resent rows, rows made bad on purpose. Does not: drawing the good ones.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from benchmarks.synthesis.plan import Plan

RECORD_KEYS = {
    "holds": ("hold_id",),
    "delegates": ("member_id", "starts_on"),
    "returns": ("ran_id",),
    "return_lines": ("ran_id", "product_code"),
    "parties": ("party_id",),
    "subscriptions": ("subscription_id",),
    "accounts": ("account_id",),
    "plans": ("plan_id",),
}
MONEY = {"amount", "bv", "price", "monthly_budget"}
RESENT_ROWS = 50


class Drops:
    """The open files of the drop that is being written."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.records: dict[tuple[str, str], list[pl.DataFrame]] = defaultdict(list)
        self.resent: dict[str, tuple[str, pl.DataFrame]] = {}
        self.open: dict[Path, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = defaultdict(int)

    def add(self, drop: str, month: int, table: str, rows: pl.DataFrame) -> None:
        """Add a month's rows of a table to a drop; records wait until it is finished."""
        self.rows[table] += len(rows)
        if table in RECORD_KEYS:
            self.records[drop, table].append(rows)
            return
        if table != "members":
            before, tail = self.resent.get(table, (drop, rows.head(0)))
            self.resent[table] = (drop, rows.tail(RESENT_ROWS))
            rows = pl.concat([tail, rows]) if before != drop else rows
        bad = _spoil(self.plan, month, table, rows) if self.plan.bad_share else rows
        self._write(drop, table, bad)

    def finish(self, drop: str) -> None:
        """Write the drop's records, the newest row of each key, and close its files."""
        for table, keys in RECORD_KEYS.items():
            parts = self.records.pop((drop, table), [])
            if parts:
                rows = pl.concat(parts).unique(keys, keep="last", maintain_order=True)
                self._write(drop, table, rows)
        for writer in self.open.values():
            writer.close()
        self.open.clear()

    def _write(self, drop: str, table: str, rows: pl.DataFrame) -> None:
        path = self.folder / drop / f"{table}.{self.plan.format}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.plan.format == "csv":
            is_new = not path.exists()
            with path.open("ab") as file:
                rows.write_csv(file, include_header=is_new)
            return
        typed = rows if self.plan.bad_share else rows.with_columns(
            pl.col(name).cast(pl.Decimal(18, 2)) for name in rows.columns if name in MONEY
        )  # fmt: skip
        arrow = typed.to_arrow(compat_level=pl.CompatLevel.oldest())
        if path not in self.open:
            self.open[path] = pq.ParquetWriter(path, arrow.schema)
        self.open[path].write_table(arrow)


def _spoil(plan: Plan, month: int, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Make about the wanted share of rows bad, in ways that never stop a close."""
    rng = plan.generator(9, month, sum(map(ord, table)))
    count = len(rows)
    text = rows.with_columns(pl.all().cast(pl.String))
    picked = rng.permutation(count)[: round(plan.bad_share * count)]
    if table == "members":
        return _replace(text, {"email": (picked, "not an e-mail")})
    groups = [picked[kind::5] for kind in range(5)]
    first, last = text.columns[0], "amount" if "amount" in text.columns else text.columns[-1]
    replaced = _replace(text, {
        first: (groups[0], ""),
        last: (groups[1], "12.345"),
        text.columns[1]: (groups[2], "bad id"),
    })  # fmt: skip
    repeated = replaced.select(pl.all().gather(groups[3]))
    other = replaced.select(pl.all().gather(groups[4])).with_columns(pl.lit("12.34").alias(last))
    return pl.concat([replaced, repeated, other])


def _replace(rows: pl.DataFrame, cells: dict[str, tuple[np.ndarray, str]]) -> pl.DataFrame:
    changed = [
        rows[column].scatter(np.sort(at).tolist(), value or None) if len(at) else rows[column]
        for column, (at, value) in cells.items()
    ]
    return pl.DataFrame(rows).with_columns(changed)
