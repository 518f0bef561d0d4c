"""Which engine a home goes on with, and what is said where it cannot; no Spark is needed for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from small_book import drop, row, write_book
from upline_command import Outcome, upline

from pipelines.closing.home import Home
from pipelines.closing.home_engine import ask, with_engine
from pipelines.engines.engine import AskedEngine
from pipelines.stop import Stop

SPARK = AskedEngine("spark", "sc://there:15002", Path("/tables"))


def home_with(folder: Path, note: str | None, asked: AskedEngine | None) -> Home:
    home = Home(folder, asked=asked)
    home.work.mkdir()
    if note is not None:
        home.engine_note.write_text(note)
    return home


def noted(remote: str = "sc://here") -> str:
    return json.dumps({"remote": remote, "warehouse": "/before"})


@pytest.mark.parametrize(
    ("note", "asked", "found"),
    [
        (None, None, AskedEngine("duck")),
        (noted(), None, AskedEngine("spark", "sc://here", Path("/before"))),
        (None, SPARK, SPARK),
        (noted(), SPARK, SPARK),
        (noted(), AskedEngine("spark"), AskedEngine("spark", "sc://here", Path("/before"))),
        (
            noted(),
            AskedEngine("spark", "sc://there:15002/;token=1"),
            AskedEngine("spark", "sc://there:15002/;token=1", Path("/before")),
        ),
        (noted(), AskedEngine("duck"), AskedEngine("duck")),
        (None, AskedEngine("spark"), AskedEngine("spark")),
    ],
)
def test_what_was_not_said_is_as_it_was(
    tmp_path: Path, note: str | None, asked: AskedEngine | None, found: AskedEngine
) -> None:
    assert ask(home_with(tmp_path, note, asked)) == found


def test_duckdb_needs_no_note(tmp_path: Path) -> None:
    home = home_with(tmp_path, noted(), AskedEngine("duck"))
    with with_engine(home):
        assert not home.engine_note.exists()


def close_on_spark(folder: Path, *more: str | Path) -> Outcome:
    book = write_book(folder / "book", drop(members=[row("members")]))
    home = folder / "home"
    return upline("close", "2020-01", "--book", book, "--home", home, "--engine", "spark", *more)


def test_a_place_and_a_warehouse_are_asked_for(tmp_path: Path) -> None:
    told = close_on_spark(tmp_path, "--remote", "sc://localhost:1")
    assert told.code == 2 and "--warehouse DIR, the first time" in told.err
    assert not (tmp_path / "home").exists()


def test_a_client_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    told = close_on_spark(
        tmp_path, "--remote", "sc://localhost:1", "--warehouse", tmp_path / "tables"
    )
    assert told.code == 2 and "pip install 'upline[spark]'" in told.err
    assert not (tmp_path / "home").exists() and not (tmp_path / "tables").exists()


def test_sparks_options_are_sparks(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", drop(members=[row("members")]))
    told = upline(
        "close", "2020-01", "--book", book, "--home", tmp_path / "home", "--remote", "sc://x"
    )
    assert told.code == 2 and "say --engine spark with them" in told.err


def test_a_note_that_is_spoiled_stops(tmp_path: Path) -> None:
    home = home_with(tmp_path, "{", None)
    with pytest.raises(Stop, match="cannot be read; say --engine"):
        ask(home)
