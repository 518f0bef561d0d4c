"""What is told of an engine that could not write and from then on refuses everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pytest
from deaths import mounted

from pipelines.engines.duck import another_connection, less_memory, open_file, transaction


@contextmanager
def on_a_full_disk(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse whose rows are not written down yet, on a disk on which nothing more has room."""
    with mounted(folder / "disk", "size=20m") as disk, open_file(disk / "x.duckdb") as con:
        con.execute("create table x as select hash(i) as a from range(100_000) t(i)")
        status = os.statvfs(disk)
        (disk / "ballast").write_bytes(bytes((status.f_bavail - 2) * status.f_bsize))
        yield con


def test_a_full_disk_is_told_when_the_limit_is_put_back_after_it(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No space left on device$"),
        on_a_full_disk(tmp_path) as con,
        less_memory(con, 1),
    ):
        con.execute("checkpoint")


def test_a_full_disk_is_told_by_who_meets_it_beside_another(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No space left on device$"),
        on_a_full_disk(tmp_path) as con,
        another_connection(con) as own,
    ):
        with suppress(duckdb.FatalException):
            own.execute("checkpoint")
        with transaction(con):
            pass
