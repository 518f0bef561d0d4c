"""What goes wrong when a month is closed, through the command itself: nothing is ever harmed.

Belongs here: exit codes, messages, what the home holds afterwards, two commands at once, commands
that die. Why single rows and files are refused is in test_extracts and test_files.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from small_book import CALENDAR, POLICY, Row, drop, full_drop, row, write_book, write_files
from upline_command import (
    Outcome,
    close,
    contents,
    finish,
    start_close,
    start_upline,
    upline,
    what_is_kept,
)

from pipelines.closing.home import Home, lock_home
from pipelines.command_line import main
from pipelines.stop import Stop

# January flags M2, who has never ordered; February removes it.
STRICT = POLICY.replace("months = 3", "months = 1").replace('"2020-02"', '"2020-01"')
MEMBERS = [row("members"), row("members", member_id="M2", sponsor_id="M1")]


def order(number: int, day: str) -> Row:
    """An order of M1 on a day."""
    return row("orders", order_id=f"O{number}", ordered_at=f"{day}T12:00Z")


def write_three_months(folder: Path) -> Path:
    """A book of three months, in each of which something is flagged, removed or sold."""
    return write_book(
        folder,
        full_drop(members=MEMBERS),
        drop(members=MEMBERS, orders=[order(2, "2020-02-10")]),
        drop(members=MEMBERS, orders=[order(3, "2020-03-10")]),
        policy=STRICT,
    )


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which January is closed. Tests work on copies."""
    folder = tmp_path_factory.mktemp("january")
    book = write_three_months(folder / "book")
    assert close("2020-01", book, folder / "home").code == 0
    return folder


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which all three months are closed without trouble."""
    folder = tmp_path_factory.mktemp("undisturbed")
    book = write_three_months(folder / "book")
    assert close("2020-03", book, folder / "home", "--through").code == 0
    return folder


@pytest.fixture
def mine(january: Path, tmp_path: Path) -> Path:
    """A copy of `january` that the test may spoil."""
    return Path(shutil.copytree(january, tmp_path / "mine"))


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
        write("2020-01/orders.csv", drop()["orders.csv"].replace("M1", "M2")),
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


def test_months_closed_before_the_one_that_stops_stay_closed(january: Path, tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    write_files(book / "2020-02", {"orders.csv": ""})
    found = close("2020-03", book, tmp_path / "home", "--through")
    assert found.code == 2 and "2020-02" in found.err
    assert contents(tmp_path / "home" / "reports") == contents(january / "home" / "reports")
    assert (tmp_path / "home" / "work" / "warehouse.duckdb").exists()


def test_a_stop_leaves_nothing_in_a_folder_that_is_no_home(tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    before = contents(book)
    found = close("2020-02", book, book / "2020-01")
    assert found.code == 2
    assert contents(book) == before and not (book / "2020-01" / "work").exists()


def test_a_book_that_is_a_drop_is_told_what_is_missing(tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    found = close("2020-01", book / "2020-01", tmp_path / "home")
    assert found.code == 2 and "policy.toml" in found.err


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    book = write_three_months(tmp_path / "book")
    (tmp_path / "home").write_text("kept")
    found = close("2020-01", book, tmp_path / "home")
    assert found.code == 2 and "cannot be the home" in found.err
    assert (tmp_path / "home").read_text() == "kept"


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
    assert "Traceback" not in told and "error: " in told or "stopped: " in told


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


def test_a_seal_that_was_spoiled_stops_the_close(mine: Path) -> None:
    for text in ("", "[]", "{}", "null"):
        (mine / "home" / "reports" / "2020-01" / "seal.json").write_text(text)
        found = close("2020-02", mine / "book", mine / "home")
        assert found.code == 2 and "seal.json" in found.err


def test_a_folder_in_the_way_of_the_reports_stops_before_anything_changes(mine: Path) -> None:
    write_files(mine / "home" / "reports" / "2020-02", {"mine.txt": "kept"})
    before = what_is_kept(mine / "home")
    found = close("2020-02", mine / "book", mine / "home")
    assert found.code == 2 and "2020-02" in found.err
    assert what_is_kept(mine / "home") == before


# The working file.


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"no warehouse"),
        pytest.param(Path.unlink, marks=pytest.mark.long),
    ],
)
def test_a_working_file_that_is_lost_or_broken_is_made_again(
    mine: Path, three_months: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(mine / "home" / "work" / "warehouse.duckdb")
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.long
def test_a_working_file_that_gives_other_reports_than_are_sealed_is_not_used(mine: Path) -> None:
    (mine / "home" / "work" / "warehouse.duckdb").unlink()
    path = mine / "home" / "reports" / "2020-01" / "seal.json"
    seal = json.loads(path.read_text())
    seal["reports"]["finance/volume.csv"] = "0" * 64
    path.write_text(json.dumps(seal))
    found = close("2020-02", mine / "book", mine / "home")
    assert found.code == 2 and "finance/volume.csv" in found.err
    assert not (mine / "home" / "reports" / "2020-02").exists()


# Trials and checks.


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


def test_a_reader_who_leaves_early_gets_no_traceback(mine: Path) -> None:
    process = start_upline("check", "2020-02", "--book", mine / "book")
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err and "closed" not in err


# Two at once.


def hold_lock(home: Path) -> subprocess.Popen[str]:
    """A process that holds the home's lock until it is killed."""
    script = (
        "import fcntl, pathlib, sys, time\n"
        "work = pathlib.Path(sys.argv[1]) / 'work'\n"
        "work.mkdir(parents=True, exist_ok=True)\n"
        "lock = (work / 'lock').open('a+')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_close_waits_for_the_first_and_says_so(mine: Path) -> None:
    holder = hold_lock(mine / "home")
    second = start_close("2020-02", mine / "book", mine / "home")
    assert second.stdout is not None
    assert "another command is at work" in second.stdout.readline()
    assert second.poll() is None
    holder.kill()
    holder.communicate()
    assert finish(second).code == 0


@pytest.mark.long
def test_two_closes_at_once_close_once(tmp_path: Path, three_months: Path) -> None:
    book = write_three_months(tmp_path / "book")
    started = [start_close("2020-03", book, tmp_path / "home", "--through") for _ in range(2)]
    found = [finish(process) for process in started]
    assert [each.code for each in found] == [0, 0]
    assert sum("sealed" in each.out for each in found) == 1
    assert what_is_kept(tmp_path / "home").keys() == what_is_kept(three_months / "home").keys()
    assert contents(tmp_path / "home" / "reports") == contents(three_months / "home" / "reports")


def test_a_stopped_close_never_takes_away_what_another_closed_meanwhile(mine: Path) -> None:
    home = mine / "new"
    with pytest.raises(Stop), lock_home(Home(home), lambda text: None):
        shutil.copytree(mine / "home" / "reports", home / "reports")
        raise Stop("for a reason of its own")
    assert (home / "reports" / "2020-01" / "seal.json").exists()


def test_who_waited_at_a_home_that_was_taken_away_makes_it_anew(mine: Path) -> None:
    with pytest.raises(Stop), lock_home(Home(mine / "new"), lambda text: None):
        second = start_close("2020-01", mine / "book", mine / "new")
        assert second.stdout is not None
        assert "another command is at work" in second.stdout.readline()
        raise Stop("for a reason of its own")
    assert finish(second).code == 0
    assert (mine / "new" / "reports" / "2020-01" / "seal.json").exists()


# Analysts.

ANALYST = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reads")
if sys.argv[2] == "writes":
    con.execute("create table mine as select 1 as one; drop table drops.orders")
print("open", flush=True)
sys.stdin.readline()
print(con.execute("select count(*) from drops.members").fetchall(), flush=True)
"""


@contextmanager
def analyst(home: Path, does: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the published warehouse open, and at the end dies with it open."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(home / "warehouse.duckdb"), does],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def months_published(home: Path) -> list[str]:
    """The months that the published warehouse has rows of."""
    con = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    try:
        found = con.execute("select close_month from book.closes order by 1").fetchall()
        return [month for (month,) in found]
    finally:
        con.close()


@pytest.mark.long
def test_an_analyst_who_reads_neither_blocks_a_close_nor_is_blocked(mine: Path) -> None:
    with analyst(mine / "home", "reads") as process:
        assert close("2020-02", mine / "book", mine / "home").code == 0
        assert months_published(mine / "home") == ["2020-01", "2020-02"]
        assert process.communicate("\n")[0] == "[(2,)]\n"


def test_an_analyst_who_writes_harms_only_his_own_copy(mine: Path, three_months: Path) -> None:
    with analyst(mine / "home", "writes"):
        assert close("2020-02", mine / "book", mine / "home").code == 0
    assert months_published(mine / "home") == ["2020-01", "2020-02"]
    assert close("2020-03", mine / "book", mine / "home").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


def test_a_published_warehouse_that_was_thrown_away_comes_back(mine: Path) -> None:
    (mine / "home" / "warehouse.duckdb").unlink()
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert months_published(mine / "home") == ["2020-01"]


# Disks.


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A small file system of its own; skips where that is not allowed."""
    folder.mkdir()
    told = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(told, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
@pytest.mark.parametrize("room", [0, 8, 50, 200, 500, 2000, 6000, 12000, 20000, 30000])
def test_a_full_disk_stops_without_a_traceback_and_can_be_made_good(
    january: Path, three_months: Path, tmp_path: Path, room: int
) -> None:
    with mounted(tmp_path / "disk", "size=300m") as disk:
        home = Path(shutil.copytree(january / "home", disk / "home"))
        before, status = contents(home / "reports"), os.statvfs(disk)
        (disk / "ballast").write_bytes(bytes(status.f_bavail * status.f_bsize - room * 1024))
        found = finish(start_close("2020-02", january / "book", home))
        if found.code != 0:
            assert found.code == 1 and "No space left" in found.err
            assert "Traceback" not in found.err and found.err.count("\n") == 1
            assert contents(home / "reports") == before
            months_published(home)
        (disk / "ballast").unlink()
        assert close("2020-03", three_months / "book", home, "--through").code == 0
        assert contents(home / "reports") == contents(three_months / "home" / "reports")


def test_a_home_that_is_read_only_is_refused(january: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=100m") as disk:
        shutil.copytree(january / "home", disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for home in (disk / "home", disk / "new"):
            found = close("2020-02", january / "book", home)
            assert found.code == 2 and "cannot be the home: Read-only" in found.err


# Death.


def kill_after(seconds: float, book: Path, home: Path) -> None:
    """Start a close of all months and kill it after so long."""
    process = start_close("2020-03", book, home, "--through")
    time.sleep(seconds)
    process.kill()
    process.communicate()


def check_half_way(home: Path, whole: dict[str, bytes]) -> None:
    """After a close has died: every month is whole or not there, and the warehouse opens."""
    found = contents(home / "reports")
    found.pop("index.html", None)  # the overview of all closed months
    months = {name.split("/")[0] for name in found}
    assert found == {name: data for name, data in whole.items() if name.split("/")[0] in months}
    if (home / "warehouse.duckdb").exists():
        assert set(months_published(home)) >= months


def close_with_deaths(folder: Path, whole: Path, delays: list[float]) -> None:
    """Close with one death after another on the same home, then to the end."""
    book, home = write_three_months(folder / "book"), folder / "home"
    expected = contents(whole / "home" / "reports")
    for delay in delays:
        kill_after(delay, book, home)
        check_half_way(home, expected)
    assert close("2020-03", book, home, "--through").code == 0
    assert contents(home / "reports") == expected
    left = {path.name for path in (home / "work").iterdir()}
    assert left <= {"lock", "digests.json", "warehouse.duckdb", "spill"}


def test_a_close_that_died_goes_on_from_there(tmp_path: Path, three_months: Path) -> None:
    close_with_deaths(tmp_path, three_months, [2.5])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_a_close_that_dies_again_and_again_gives_the_same_reports(
    tmp_path: Path, three_months: Path, seed: int
) -> None:
    start = time.monotonic()
    finish(start_close("2020-03", three_months / "book", tmp_path / "timed", "--through"))
    whole = time.monotonic() - start
    chance = random.Random(seed)
    delays = [chance.uniform(0.3, 1.1) * whole for _ in range(3)]
    close_with_deaths(tmp_path / "dying", three_months, delays)
