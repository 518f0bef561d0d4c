"""What stands in a file's place and is none, files that are far too large, names that mean more.

Belongs here: one sentence, exit code 2, nothing written, in bounded time and memory, through the
command as a process of its own where it could wait for ever.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fuzz_inputs import limited, run_inputs
from fuzz_spoilers import KINDS
from small_book import POLICY, check, csv_text, drop, listed, row, write_book
from upline_command import close, finish, start_close, start_upline, upline

from pipelines.stop import LONGEST, Stop

pytestmark = pytest.mark.long

MONTH = "2020-01"


def pipe(path: Path) -> None:
    """A named pipe that nobody writes into."""
    os.mkfifo(path)


def zeros(path: Path) -> None:
    """A file without an end."""
    path.symlink_to("/dev/zero")


def nowhere(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    """A folder."""
    path.mkdir()


def linked_folder(path: Path) -> None:
    """A link to a folder."""
    path.symlink_to(path.parent)


def plug(path: Path) -> None:
    """A socket."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as here:
            here.bind(path.name)
    finally:
        os.chdir(before)


PLACES = ["2020-01/orders.csv", "2020-01/leads.parquet", "2020-01/policy.toml", "policy.toml",
          "2020-01/mapping.toml", "mapping.toml", "calendar.csv", "2020-01/more.csv"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("put", [pipe, zeros, nowhere, circle, folder, linked_folder, plug])
def test_what_is_no_ordinary_file_stops_at_once(
    tmp_path: Path, put: Callable[[Path], None], place: str
) -> None:
    book = write_book(tmp_path / "book")
    (book / place).unlink(missing_ok=True)
    put(book / place)
    check_stops(book, tmp_path / "home", Path(place).name)


@pytest.mark.parametrize("put", [pipe, zeros, nowhere, circle, plug])
def test_what_is_no_folder_is_no_drop(tmp_path: Path, put: Callable[[Path], None]) -> None:
    book = write_book(tmp_path / "book")
    shutil.rmtree(book / MONTH)
    put(book / MONTH)
    check_stops(book, tmp_path / "home", MONTH)


def check_stops(book: Path, home: Path, told: str) -> None:
    """A close ends with 2 and one line, waits for nothing, and leaves nothing."""
    with limited(20):
        found = close(MONTH, book, home)
    assert found.code == 2, found.err
    assert told in found.err and found.err.count("\n") == 1 and len(found.err) <= 400
    assert not home.exists()


def test_a_pipe_does_not_hold_up_a_process_of_its_own(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    (book / MONTH / "orders.csv").unlink()
    pipe(book / MONTH / "orders.csv")
    found = finish(start_close(MONTH, book, tmp_path / "home"))
    assert found.code == 2 and "it is a named pipe" in found.err


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_process_that_meets_a_bad_quote_early_in_a_long_file_ends_with_2(tmp_path: Path) -> None:
    text = csv_text("leads", [row("leads")]) + '"x"y\n' + "D1,x\n" * 3_000_000
    book = write_book(tmp_path / "book", drop({"leads.csv": text}))
    codes = {finish(start_upline("check", MONTH, "--book", book)).code for _ in range(8)}
    assert codes == {2}


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs such a file")
@pytest.mark.parametrize("place", PLACES[:4])
def test_a_file_that_cannot_be_read_leaves_no_home(tmp_path: Path, place: str) -> None:
    book = write_book(tmp_path / "book")
    (book / place).unlink(missing_ok=True)
    (book / place).symlink_to("/proc/self/mem")
    check_stops(book, tmp_path / "home", "Input/output error")


# A path is never a pattern.


def test_another_companys_file_is_never_read(tmp_path: Path) -> None:
    names = {"acme[12]": "Mine", "acme1": "Theirs", "acme2": "Theirs"}
    for place, name in names.items():
        cells = row("members", name=name)
        folder = write_book(tmp_path / place, drop()) / MONTH
        pq.write_table(pa.table({key: [cell] for key, cell in cells.items()}), folder / "m")
        (folder / "members.csv").unlink()
        (folder / "m").rename(folder / "members.parquet")
    found = upline("check", MONTH, "--book", tmp_path / "acme[12]", "--json")
    assert found.code == 0
    assert close(MONTH, tmp_path / "acme[12]", tmp_path / "home").code == 0
    pages = (tmp_path / "home" / "reports" / MONTH).rglob("*")
    texts = [path.read_text() for path in pages if path.suffix in (".csv", ".html")]
    assert any("Mine" in text for text in texts) and not any("Theirs" in text for text in texts)


# Files that hold far more than they are long.


def parquet_stop(tmp_path: Path, table: pa.Table) -> str:
    """Why a Parquet file of leads cannot be read."""
    book = write_book(tmp_path / "book")
    pq.write_table(table, book / MONTH / "leads.parquet")
    return str(check(book).stopped)


def leads(rows: int, name: pa.Array) -> pa.Table:
    """Leads that are all one row, but for their names."""
    one = {name: pa.array([cell]) for name, cell in row("leads").items()}
    zeros = pa.array(np.zeros(rows, dtype=np.int32))
    columns = {at: pa.DictionaryArray.from_arrays(zeros, cell) for at, cell in one.items()}
    return pa.table(columns | {"name": name})


def test_a_text_that_stands_in_very_many_rows_stops(tmp_path: Path) -> None:
    name = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(3000, dtype=np.int32)), pa.array(["x" * 200_000])
    )
    assert "more than 100 times its size" in parquet_stop(tmp_path, leads(3000, name))


def test_very_many_rows_in_a_small_file_stop(tmp_path: Path) -> None:
    told = parquet_stop(tmp_path, leads(9_000_000, pa.nulls(9_000_000, pa.string())))
    assert "more than 100 times its size" in told


def test_a_float_id_that_is_not_exact_is_value(tmp_path: Path) -> None:
    ids = pa.array([1.0, 2.0**53 - 1, 2.0**53, -(2.0**60), 1e300, float("inf"), float("nan"), None])
    columns = {"lead_id": ids, "country": pa.array(["NL"] * 8), "name": ids}
    at = pa.array(["2020-01-11T12:00:00Z"] * 8)
    book = write_book(tmp_path / "book", policy=POLICY + "[quality]\nmax_quarantined_share = 1\n")
    pq.write_table(pa.table(columns | {"requested_at": at}), book / MONTH / "leads.parquet")
    found = check(book)
    assert listed(found, "line", "key", "code", "column") == [
        (4, "9007199254740992", "value", "lead_id"),
        (5, "-1152921504606847000", "value", "lead_id"),
        (6, "1" + "0" * 300, "value", "lead_id"),
        (7, "inf", "value", "lead_id"),
        (8, "nan", "value", "lead_id"),
        (9, "", "missing", "lead_id"),
    ]
    assert "\0" not in str(listed(found, "raw"))


# Settings.


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a." * 20_000 + "a = 1\n", "line 1: a key has more than 16 parts (the limit)"),
        (POLICY + '[quality]\nx."a.b".' + "a . " * 20 + "a = 1\n", "a key has more than 16 parts"),
        (POLICY.replace("months = 3", "months = " + "9" * 5000), "a number has 40 digits or more"),
        (POLICY.replace("months = 3", "months = 0x" + "f" * 5000), "a number has 40 digits"),
        (POLICY.replace("months = 3", "months = 1e99999999999999999999"), "exponent is too large"),
        (POLICY.replace("share = 1", "share = 1e999999999"), "found 1E+999999999, must be"),
        (POLICY.replace("share = 1", "share = inf"), "found Infinity, must be a number"),
        (POLICY.replace("share = 1", "share = nan"), "found NaN, must be a number"),
        (POLICY + "x = " + "[" * 100_000, "it is nested too deeply"),
        (POLICY + "#" * 2_000_000, "is longer than 1024 KiB (the limit of a settings file)"),
        (POLICY + f'"{"x" * 9000}" = 1\n', "unknown key"),
        (POLICY + '"\\u001b[31m\\n" = 1\n', "unknown key"),
        ('"""' * 99_999, "is not valid TOML"),
        ('"\\"' * 99_999, "is not valid TOML"),
        ("x" * 200_000, "is not valid TOML"),
    ],
    ids=lambda text: text[:20],
)
def test_a_policy_beyond_all_bounds_stops_at_once(tmp_path: Path, text: str, told: str) -> None:
    book = write_book(tmp_path / "book", policy=text)
    found = upline("check", MONTH, "--book", book)
    assert found.code == 2 and told in found.err
    assert found.err.count("\n") == 1 and len(found.err) <= 400 and found.err[:-1].isprintable()


@pytest.mark.parametrize(
    "line",
    ["# it's a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s", f"# {'9' * 60}", f'x = "{"a." * 40}"'],
)
def test_texts_and_comments_may_hold_dots_and_digits(tmp_path: Path, line: str) -> None:
    policy = POLICY.replace("[company]", f"{line}\n[company]").replace("x = ", "# ")
    policy = policy.replace(
        '"Small Book"', '"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r 1' + "0" * 60 + '"'
    )
    assert check(write_book(tmp_path / "book", policy=policy)).stopped is None


def test_a_message_is_one_short_printable_line() -> None:
    told = str(Stop("/some/path: " + "x\n\x1b[31m\u2028" * 1000 + " close again"))
    assert len(told) <= LONGEST and told.isprintable()
    assert told.startswith("/some/path: x") and told.endswith("close again")


def test_orders_and_members_missing_are_told_at_once(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    for name in ("members", "orders"):
        (book / MONTH / f"{name}.csv").unlink()
    told = upline("check", MONTH, "--book", book).err
    assert "members.csv" in told and "orders.csv" in told


@pytest.mark.exhaustive
def test_business_days_of_three_centuries_and_many_countries_take_little(tmp_path: Path) -> None:
    countries = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ"]
    orders = [
        row("orders", order_id=f"O{at}", country=at, ordered_at="1900-01-10T12:00:00Z")
        for at in countries
    ]
    later = [
        row("reassignments", order_id=f"O{at}", requested_at="2199-12-11T12:00:00Z")
        for at in countries
    ]
    book = write_book(tmp_path / "book", drop(orders=orders, reassignments=later))
    code = (
        "import atexit, sys; from pathlib import Path; from pipelines.command_line import main; "
        "status = lambda: Path('/proc/self/status').read_text(); "
        "peak = lambda: status().split('VmHWM:')[1].split()[0]; "
        "atexit.register(lambda: print(peak(), file=sys.stderr)); main()"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "close", MONTH, "--book", book, "--home", tmp_path / "home"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert int(found.stderr) < 500_000


@pytest.mark.first(3)
@pytest.mark.parametrize("kind", [pytest.param(kind, marks=pytest.mark.long) for kind in KINDS])
def test_whatever_is_done_to_a_book_the_command_says_one_sentence(kind: str) -> None:
    counts, broken = run_inputs([kind], 6, 1)
    assert broken == []
    assert sum(counts.values()) == 6
