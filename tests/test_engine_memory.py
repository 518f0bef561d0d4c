"""What the engine holds: what it has read is given back when it is told to, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.engines.duck import LEFT_MIB, give_memory_back, less_memory, open_file

ROWS = 8_000_000


@pytest.fixture
def read(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has read a table of 128 MB and written another one."""
    with open_file(tmp_path / "x.duckdb", tmp_path / "spill") as con:
        con.execute(
            f"create table read as select hash(i) as a, hash(-i) as b from range({ROWS}) t(i)"
        )
        con.execute("checkpoint")
    with open_file(tmp_path / "x.duckdb", tmp_path / "spill") as con:
        con.execute("create table written as select * from range(1_000_000) t(i)")
        con.execute("select sum(a), sum(b) from read").fetchall()
        yield con


def held(con: duckdb.DuckDBPyConnection) -> int:
    """MiB of what was read."""
    [(bytes_,)] = con.execute(
        "select memory_usage_bytes from duckdb_memory() where tag = 'BASE_TABLE'"
    ).fetchall()
    return int(bytes_) >> 20


def limit(con: duckdb.DuckDBPyConnection) -> object:
    return con.execute("select current_setting('memory_limit')").fetchall()


def test_what_was_read_is_given_back(read: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    before = limit(read)
    assert held(read) > LEFT_MIB + 32
    give_memory_back(read)
    assert held(read) <= LEFT_MIB and limit(read) == before
    assert not list((tmp_path / "spill").glob("*"))
    assert read.execute("select count(*), count(distinct i) from written").fetchall() == [
        (1_000_000, 1_000_000)
    ]
    assert read.execute("select count(*) from read where a = hash(7)").fetchall() == [(1,)]


def test_an_engine_that_cannot_let_so_much_go_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.engines.duck.LEFT_MIB", 0)
    with open_file(tmp_path / "x.duckdb", tmp_path / "spill") as con:
        before = limit(con)
        con.execute("create table small as select 1 as i")
        # Rows that are not committed yet hold on to some memory.
        own = con.cursor().begin()
        own.execute("insert into small from range(100_000)")
        with pytest.raises(duckdb.OutOfMemoryException):
            con.execute("set memory_limit = '0MiB'")
        give_memory_back(con)
        assert limit(con) == before
        own.commit()
        assert con.execute("select count(*) from small").fetchall() == [(100_001,)]


@pytest.mark.parametrize("allowed", ["5.9 GiB", "1.9 GiB", "2047 MiB", "5.5 GiB", "700.3 MiB"])
def test_what_the_engine_may_hold_does_not_shrink(tmp_path: Path, allowed: str) -> None:
    """The engine tells its limit with one digit after the point."""
    with open_file(tmp_path / "x.duckdb", tmp_path / "spill") as con:
        con.execute(f"set memory_limit = '{allowed}'")
        before = limit(con)
        for _ in range(12):
            give_memory_back(con)
            with less_memory(con, 1):
                pass
        assert limit(con) == before
