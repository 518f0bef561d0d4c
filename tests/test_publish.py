"""What analysts open is the working file as it is when the month is sealed, whatever was copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.closing.early_copy import EarlyCopy
from pipelines.closing.home import Home
from pipelines.closing.publish import publish_month
from pipelines.engines.duck_rules import DuckEngine
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month

MONTH = Month.parse("2020-03")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.work.mkdir()
    return home


@pytest.fixture
def con(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(home.working_file) as con:
        con.execute("create table book.figures as select 1 as figure")
        yield con


def published(home: Home, query: str) -> list[tuple[object, ...]]:
    con = duckdb.connect(str(home.published_file), read_only=True)
    try:
        return con.execute(query).fetchall()
    finally:
        con.close()


def test_the_early_copy_is_published_with_the_months_seal(
    home: Home, con: duckdb.DuckDBPyConnection
) -> None:
    copy = EarlyCopy(home)
    with copy.made_beside(con):
        assert con.execute("from book.figures").fetchall() == [(1,)]
    assert copy.is_current()
    early = copy.file.stat().st_ino
    publish_month(DuckEngine(con), copy, home, MONTH, "seal")
    assert home.published_file.stat().st_ino == early
    assert published(home, "from book.figures") == [(1,)]
    assert published(home, "from book.closes") == [("2020-03", "seal")]
    with open_warehouse(home.working_file) as own:
        assert own.execute("from book.closes").fetchall() == [("2020-03", "seal")]


def test_a_copy_older_than_the_working_file_is_not_published(
    home: Home, con: duckdb.DuckDBPyConnection
) -> None:
    copy = EarlyCopy(home)
    with copy.made_beside(con):
        pass
    con.execute("insert into book.figures values (2)")
    assert not copy.is_current()
    publish_month(DuckEngine(con), copy, home, MONTH, "seal")
    assert published(home, "from book.figures order by 1") == [(1,), (2,)]
    assert published(home, "from book.closes") == [("2020-03", "seal")]


def test_without_an_early_copy_one_is_made(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    publish_month(DuckEngine(con), EarlyCopy(home), home, MONTH, "seal")
    assert published(home, "from book.closes") == [("2020-03", "seal")]


def test_what_a_killed_close_left_of_its_copy_is_in_nobodys_way(
    home: Home, con: duckdb.DuckDBPyConnection
) -> None:
    copy = EarlyCopy(home)
    copy.file.write_bytes(b"half a copy")
    copy.file.with_name("published.duckdb.wal").write_bytes(b"a log of another file")
    with copy.made_beside(con):
        pass
    publish_month(DuckEngine(con), copy, home, MONTH, "seal")
    assert published(home, "from book.figures") == [(1,)]


def test_a_copy_that_fails_is_told_with_its_reason(
    home: Home, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = EarlyCopy(home)
    (home.work / "published.duckdb").mkdir()
    monkeypatch.setattr("pipelines.closing.early_copy.unlink_copy", lambda path: None)
    (home.work / "published.duckdb" / "warehouse.duckdb").mkdir()
    with (
        pytest.raises(OSError, match=r"the warehouse cannot be copied: .*directory"),
        copy.made_beside(con),
    ):
        pass


def test_what_the_engine_cannot_write_down_is_told_and_not_what_follows_from_it(
    home: Home, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(EarlyCopy, "_copy", fail)
    with pytest.raises(duckdb.IOException, match="No space"), EarlyCopy(home).made_beside(con):
        raise duckdb.FatalException("database has been invalidated")


def test_an_error_of_the_reports_ends_the_copying(
    home: Home, con: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(ValueError, match="of the reports"), EarlyCopy(home).made_beside(con):
        raise ValueError("of the reports")
