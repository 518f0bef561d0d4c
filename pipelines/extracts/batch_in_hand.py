"""The batch that is looked at, as a relation that the engine knows by one name.

Belongs here: how batches follow each other there. A relation that a transaction has registered is
kept until its end: to register each batch would keep all of them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

import duckdb
import pyarrow as pa


@contextmanager
def in_hand(
    con: duckdb.DuckDBPyConnection, name: str, batches: Iterator[pa.Table]
) -> Iterator[Iterator[pa.Table]]:
    """Batches of the same columns, of which the engine knows by the name the one taken last."""
    with closing(_put_each(con, name, batches)) as put:
        yield put


def _put_each(
    con: duckdb.DuckDBPyConnection, name: str, batches: Iterator[pa.Table]
) -> Generator[pa.Table]:
    hand: _Hand | None = None
    try:
        for batch in batches:
            if hand is None:
                hand = _Hand(batch)
                con.register(name, hand)
            hand.batch = batch
            yield batch
    finally:
        if hand is not None:
            con.unregister(name)
            hand.batch = hand.batch.schema.empty_table()


class _Hand:
    """What the engine reads: each time the batch that is in it by then."""

    def __init__(self, batch: pa.Table) -> None:
        self.batch = batch

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.batch.__arrow_c_stream__(requested_schema)
