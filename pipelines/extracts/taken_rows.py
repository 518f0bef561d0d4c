"""What became of the rows of a mapping's sources: how many were read, taken, and left (contract 5).

Belongs here: quality.taken (what each table took of each file), quality.sources (what no table
took) and quality.left_out (by which condition). Tables may be loaded in any order and again, each
from a process of its own: which rows one has taken, and which of its conditions a row does not
meet, is kept, packed, until the others are known.
"""

from __future__ import annotations

import base64
import json
import zlib

import duckdb
import numpy as np
import numpy.typing as npt

from pipelines.book.drops import Drop
from pipelines.extracts.sources import read_source

Flags = npt.NDArray[np.bool_]


def note_taken(con: duckdb.DuckDBPyConnection, drop: Drop, table: str) -> None:
    """Note which rows of the sources a table has taken, and what is left of each.

    In: a table that has been read; one that no query makes takes nothing. Sources that no query
    names are read too, so that their rows are counted.
    """
    if table not in drop.mapping.queries:
        if table == "members" and not drop.mapping.queries:
            _note_left(con, drop)
        return
    for key, kept in list(drop.shelf.items()):
        if key.startswith(f"{table} took "):
            _, source, file, taken = kept
            con.execute(
                "insert into quality.taken values ($1, $2, $3, $4, $5, $6)",
                [drop.month.text, table, source, file, int(taken.sum()), _packed(taken)],
            )
        if key.startswith(f"{table} unmet "):
            source, file, conditions, codes = kept
            con.execute(
                "insert into quality.unmet values ($1, $2, $3, $4, $5, $6)",
                [drop.month.text, table, source, file, json.dumps(conditions), _pack(codes)],
            )
    _note_left(con, drop)


def release_sources(drop: Drop, table: str) -> None:
    """Let go of the sources that have been read once the last query's table is done with them."""
    done: set[str] = drop.shelf.setdefault("done", set())
    done.add(table)
    if done >= set(drop.mapping.queries):
        drop.shelf.clear()
        drop.shelf["done"] = done


def _note_left(con: duckdb.DuckDBPyConnection, drop: Drop) -> None:
    for table in ("sources", "left_out"):
        con.execute(f"delete from quality.{table} where drop_month = $1", [drop.month.text])
    for name, told in drop.mapping.sources.items():
        source = None if told.is_lookup else read_source(drop, name)
        for file, lines in (source.lines if source else {}).items():
            rows = len(lines)
            is_left = ~_union(con, drop, name, file, rows)
            left = int(is_left.sum())
            con.execute(
                "insert into quality.sources values ($1, $2, $3, $4, $5)",
                [drop.month.text, name, file, rows, left],
            )
            if left:
                _note_conditions(con, drop, name, file, is_left)


def _note_conditions(
    con: duckdb.DuckDBPyConnection, drop: Drop, source: str, file: str, is_left: Flags
) -> None:
    """Of each table that reads a file: which of its conditions the rows in no table do not meet."""
    found = con.execute(
        """
        select taken."table", conditions, unmet_rows
        from quality.taken left join quality.unmet using (drop_month, "table", source, file)
        where drop_month = $1 and source = $2 and file = $3
        order by all
        """,
        [drop.month.text, source, file],
    ).fetchall()
    for table, told, packed in found or [(None, None, None)]:
        conditions = json.loads(told or "[]")
        codes = np.zeros(len(is_left), dtype=np.uint8)
        if packed is not None:
            codes = np.frombuffer(_unpack(packed), dtype=np.uint8)
        for code, rows in enumerate(np.bincount(codes[is_left])):
            if rows:
                con.execute(
                    "insert into quality.left_out values ($1, $2, $3, $4, $5, $6)",
                    [drop.month.text, source, file, table,
                     conditions[code - 1] if code else None, int(rows)],
                )  # fmt: skip


def _union(con: duckdb.DuckDBPyConnection, drop: Drop, source: str, file: str, rows: int) -> Flags:
    taken = np.zeros(rows, dtype=bool)
    for (packed,) in con.execute(
        "select taken_rows from quality.taken where drop_month = $1 and source = $2 and file = $3",
        [drop.month.text, source, file],
    ).fetchall():
        taken |= _unpacked(packed, rows)
    return taken


def _packed(taken: Flags) -> str:
    return _pack(np.packbits(taken))


def _pack(numbers: npt.NDArray[np.uint8]) -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes())).decode()


def _unpack(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def _unpacked(text: str, rows: int) -> Flags:
    bits = np.frombuffer(_unpack(text), dtype=np.uint8)
    return np.unpackbits(bits)[:rows].astype(bool)
