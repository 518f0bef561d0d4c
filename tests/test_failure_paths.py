"""What goes wrong when a month is closed, through the command itself: nothing is ever harmed.

Belongs here: exit codes, messages, what the home holds afterwards. Several commands on one home are
in test_shared_homes, commands that die in test_deaths, what a home remembers in test_homes. Why
single rows and files are refused is in test_extracts and test_files.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_book import CALENDAR, Row, drop, row, write_files
from three_months import MEMBERS, STRICT, write_three_months
from upline_command import (
    Outcome,
    close,
    contents,
    finish,
    start_close,
    upline,
    what_is_kept,
)

from pipelines.command_line import main

pytestmark = pytest.mark.long

# What stops a close.

Spoil = Callable[[Path], object]


def write(name: str, content: str | bytes) -> Spoil:
    """A file of the book written anew."""
    return lambda book: write_files(book, {name: content})


def put(**tables: list[Row]) -> Spoil:
    """February's drop written anew."""
    return lambda book: write_files(book / "2020-02", drop(**tables))


def remove(name: str) -> Spoil:
    """A file or folder of the book removed."""
    return lambda book: (
        shutil.rmtree(book / name) if (book / name).is_dir() else (book / name).unlink()
    )


def hold_lines(*lines: str) -> str:
    """A file of holds."""
    return "\n".join(["hold_id,member_id,kind,starts_on,ends_on", *lines])


BAD_HOLDS = [row("holds", hold_id=f"H{i}", kind="bad") for i in range(11)]
CYCLE = [row("members", sponsor_id="M2"), row("members", member_id="M2", sponsor_id="M1")]
GAP = "2020-04,2020-04-06,2020-04-26,2020-05-04,2020-05-31\n"
REASONS: dict[str, tuple[str, Spoil, str]] = {
    "missing drop": ("2020-02", remove("2020-02"), "the drop of 2020-02 is missing"),
    "missing file": (
        "2020-02",
        remove("2020-02/orders.csv"),
        "orders.csv (or .csv.gz, .parquet, .xlsx)",
    ),
    "missing column": ("2020-02", write("2020-02/holds.csv", "hold_id,kind\n"), "'member_id'"),
    "bad UTF-8": ("2020-02", write("2020-02/holds.csv", b"\xff\xfe"), "holds.csv: cannot be read"),
    "ragged": ("2020-02", write("2020-02/holds.csv", hold_lines("H1,M1")), "line 2: 2 cells"),
    "truncated": ("2020-02", write("2020-02/holds.csv", hold_lines('H1,"M1')), "quoted cell"),
    "corrupt gzip": ("2020-02", write("2020-02/holds.csv.gz", b"\x1f\x8b\x08"), "holds.csv.gz"),
    "corrupt Parquet": ("2020-02", write("2020-02/holds.parquet", b"PAR1"), "holds.parquet"),
    "no table's file": ("2020-02", write("2020-02/hold.csv", ""), "did you mean 'holds'?"),
    "bad policy": (
        "2020-02",
        write("2020-02/policy.toml", STRICT + "[quality]\nshare = 1\n"),
        "quality.share",
    ),
    "policy that may not change": (
        "2020-02",
        write("2020-02/policy.toml", STRICT.replace("EUR", "USD")),
        "company.currency",
    ),
    "bad mapping": ("2020-02", write("2020-02/mapping.toml", "[order]\n"), "'orders'"),
    "bad calendar": ("2020-02", write("calendar.csv", CALENDAR + GAP), "no gap, no overlap"),
    "cycle": ("2020-02", put(members=CYCLE), "M1 -> M2 -> M1"),
    "conflict in members": (
        "2020-02",
        put(members=[*MEMBERS, row("members", name="Bob")]),
        "line 2: conflict",
    ),
    "bad cell of a member": (
        "2020-02",
        put(members=[*MEMBERS, row("members", member_id="M3", country="?")]),
        "country",
    ),
    "too many quarantined": ("2020-02", put(members=MEMBERS, holds=BAD_HOLDS), "11 of 11 rows"),
    "too many removed": (
        "2020-02",
        write("2020-02/policy.toml", STRICT.replace("share = 1", "share = 0.4")),
        "max_removed_share",
    ),
    "an earlier month open": ("2020-03", lambda book: None, "2020-02 is not closed yet"),
    "before the opening month": ("2019-12", lambda book: None, "opening month 2020-01"),
    "a closed month's file changed": (
        "2020-02",
        write("2020-01/orders.csv", str(drop()["orders.csv"]).replace("M1", "M2")),
        "orders.csv has changed",
    ),
    "a closed month's file removed": (
        "2020-02",
        remove("2020-01/leads.csv"),
        "leads.csv is missing",
    ),
    "a closed month's file added": (
        "2020-01",
        write("2020-01/mapping.toml", ""),
        "mapping.toml is new",
    ),
    "a closed month's policy changed": (
        "2020-02",
        write("policy.toml", STRICT.replace("months = 1", "months = 2")),
        "the policy in force has changed",
    ),
    "a closed month's calendar changed": (
        "2020-02",
        write("calendar.csv", CALENDAR.replace("2019-12-30", "2019-12-23")),
        "a calendar row up to that month has changed",
    ),
    "no policy": ("2020-02", remove("policy.toml"), "policy.toml"),
    "no calendar": ("2020-02", remove("calendar.csv"), "calendar.csv"),
    "no book": ("2020-02", shutil.rmtree, "there is no such folder"),
}


@pytest.mark.long
@pytest.mark.parametrize("reason", REASONS)
def test_a_close_that_is_stopped_says_why_and_changes_nothing(
    january: Path, mine: Path, reason: str
) -> None:
    month, spoil, told = REASONS[reason]
    spoil(mine / "book")
    check_stopped(close(month, mine / "book", mine / "home"), told)
    assert what_is_kept(mine / "home") == what_is_kept(january / "home")


def check_stopped(found: Outcome, told: str) -> None:
    """The command ended with 2 and one line that says why."""
    assert found.code == 2 and told in found.err
    assert found.err.startswith("upline: stopped: ") and found.err.count("\n") == 1


@pytest.mark.first(1)
@pytest.mark.parametrize(
    "reason",
    [
        "cycle",
        *(pytest.param(reason, marks=pytest.mark.long) for reason in REASONS if reason != "cycle"),
    ],
)
def test_a_process_that_is_stopped_says_no_more(mine: Path, reason: str) -> None:
    month, spoil, told = REASONS[reason]
    spoil(mine / "book")
    check_stopped(finish(start_close(month, mine / "book", mine / "home")), told)


@pytest.mark.parametrize(
    "spoil", [shutil.rmtree, write("calendar.csv", "month\n"), write("2020-01/orders.csv", "")]
)
def test_a_home_that_was_not_there_is_not_there_after_a_stop(tmp_path: Path, spoil: Spoil) -> None:
    book = write_three_months(tmp_path / "book")
    spoil(book)
    assert close("2020-01", book, tmp_path / "some" / "home").code == 2
    assert not (tmp_path / "some").exists()


@pytest.mark.long
def test_months_closed_before_the_one_that_stops_stay_closed(january: Path, tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    write_files(book / "2020-02", {"orders.csv": ""})
    found = close("2020-03", book, tmp_path / "home", "--through")
    assert found.code == 2 and "2020-02" in found.err
    assert contents(tmp_path / "home" / "reports") == contents(january / "home" / "reports")
    assert (tmp_path / "home" / "work" / "warehouse.duckdb").exists()


def test_a_book_that_is_a_drop_is_told_what_is_missing(tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    found = close("2020-01", book / "2020-01", tmp_path / "home")
    assert found.code == 2 and "policy.toml" in found.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["close"],
        ["close", "January"],
        ["close", "2020-13", "--book", "b", "--home", "h"],
        ["close", "2020-1", "--book", "b", "--home", "h"],
        ["close", "2020-01\n", "--book", "b", "--home", "h"],
        ["close", "２０２０-01", "--book", "b", "--home", "h"],
        ["close", "2020-01", "--book", "b"],
        ["close", "2020-01", "--book", "", "--home", "h"],
        ["close", "2020-01", "--book", "b\udcff", "--home", "h"],
        ["trial", "2020-01", "--book", "b", "--home", "h", "--through"],
        ["check", "2020-01", "--book", "/dev/null"],
        ["check", "9999-01", "--book", "b"],
        ["closed", "2020-01"],
    ],
)
def test_odd_arguments_are_refused_without_a_traceback(
    capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    try:
        code = main(arguments)
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    told = capfd.readouterr().err
    assert "Traceback" not in told
    assert ("error: " in told) != ("stopped: " in told)


# Closing again.


def test_closing_a_closed_month_again_changes_nothing_and_says_so(
    january: Path, mine: Path
) -> None:
    found = close("2020-01", mine / "book", mine / "home")
    assert found.code == 0 and "nothing was changed" in found.out
    assert what_is_kept(mine / "home") == what_is_kept(january / "home")


def test_an_input_that_was_only_touched_is_the_same(mine: Path) -> None:
    for path in mine.rglob("*.csv"):
        os.utime(path, (0, 0))
    assert close("2020-01", mine / "book", mine / "home").code == 0


def test_a_changed_input_is_found_though_its_time_and_size_are_the_same(mine: Path) -> None:
    assert close("2020-01", mine / "book", mine / "home").code == 0
    path = mine / "book" / "2020-01" / "orders.csv"
    status, data = path.stat(), path.read_bytes()
    path.write_bytes(data.replace(b"100.00", b"100.01"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    found = close("2020-01", mine / "book", mine / "home")
    assert found.code == 2 and "orders.csv has changed" in found.err


@pytest.mark.long
def test_what_next_months_need_may_change_after_a_close(mine: Path) -> None:
    write_files(mine / "book", {"calendar.csv": CALENDAR.replace("2020-05-03", "2020-05-10")})
    write_files(mine / "book" / "2020-02", {"policy.toml": STRICT + "[quality]\n"})
    assert close("2020-02", mine / "book", mine / "home").code == 0


def test_a_folder_in_the_way_of_the_reports_stops_before_anything_changes(mine: Path) -> None:
    write_files(mine / "home" / "reports" / "2020-02", {"mine.txt": "kept"})
    before = what_is_kept(mine / "home")
    found = close("2020-02", mine / "book", mine / "home")
    assert found.code == 2 and "2020-02" in found.err
    assert what_is_kept(mine / "home") == before


# Trials and checks.


@pytest.mark.long
def test_a_trial_is_marked_and_leaves_everything_else_as_it_was(january: Path, mine: Path) -> None:
    before = what_is_kept(mine / "home")
    for _ in range(2):
        found = upline("trial", "2020-02", "--book", mine / "book", "--home", mine / "home")
        assert found.code == 0
    after = what_is_kept(mine / "home")
    trial = {name: data for name, data in after.items() if name.startswith("trial/")}
    assert {name: data for name, data in after.items() if name not in trial} == before
    pages = [data for name, data in trial.items() if name.endswith(".html")]
    assert pages and all(b"TRIAL" in page for page in pages)
    assert "trial/2020-02/seal.json" not in trial


@pytest.mark.long
def test_a_trial_says_what_the_close_will_say(mine: Path, three_months: Path) -> None:
    assert upline("trial", "2020-02", "--book", mine / "book", "--home", mine / "home").code == 0
    closed = contents(three_months / "home" / "reports" / "2020-02")
    tried = contents(mine / "home" / "trial" / "2020-02")
    assert {name: data for name, data in tried.items() if name.endswith(".csv")} == {
        name: data for name, data in closed.items() if name.endswith(".csv")
    }


@pytest.mark.long
def test_a_trial_of_a_closed_month_leaves_the_later_ones_alone(
    three_months: Path, tmp_path: Path
) -> None:
    mine = Path(shutil.copytree(three_months, tmp_path / "mine"))
    assert upline("trial", "2020-01", "--book", mine / "book", "--home", mine / "home").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


def test_a_trial_goes_on_from_closed_months_only(mine: Path) -> None:
    found = upline("trial", "2020-03", "--book", mine / "book", "--home", mine / "home")
    assert found.code == 2 and "2020-02 is not closed yet" in found.err


def test_a_check_writes_nothing(january: Path, mine: Path) -> None:
    before = contents(mine)
    found = upline("check", "2020-02", "--book", mine / "book")
    assert (found.code, contents(mine)) == (0, before)


def test_a_check_tells_the_same_as_json(mine: Path) -> None:
    put(members=MEMBERS, holds=[row("holds", kind="bad")])(mine / "book")
    told = json.loads(upline("check", "2020-02", "--book", mine / "book", "--json").out)
    assert told["stopped"] is None
    assert [entry["column"] for entry in told["quarantine"]] == ["kind"]


def test_a_check_of_a_drop_that_stops_ends_like_its_close(mine: Path) -> None:
    put(members=CYCLE)(mine / "book")
    found = upline("check", "2020-02", "--book", mine / "book", "--json")
    assert found.code == 2 and "M1 -> M2 -> M1" in found.err
    assert "M1 -> M2 -> M1" in json.loads(found.out)["stopped"]


def test_a_check_lists_the_rows_that_stop_a_table(mine: Path) -> None:
    put(members=MEMBERS, holds=[row("holds", kind="bad")] * 12)(mine / "book")
    found = upline("check", "2020-02", "--book", mine / "book", "--json")
    told = json.loads(found.out)
    assert found.code == 2 and "12 of 12 rows would be quarantined" in told["stopped"]
    assert [entry["line"] for entry in told["quarantine"]] == list(range(2, 14))


@pytest.mark.parametrize("name", ["policy.toml", "calendar.csv", "mapping.toml"])
def test_a_check_of_a_book_that_stops_is_json_too(mine: Path, name: str) -> None:
    (mine / "book" / name).write_text("nonsense")
    found = upline("check", "2020-02", "--book", mine / "book", "--json")
    told = json.loads(found.out)
    assert found.code == 2 and name in told["stopped"] and told["quarantine"] == []
