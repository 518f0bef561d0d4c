"""What a home is, who may read it, and what it remembers of the months that were closed in it.

Belongs here: the marker, the modes, odd names, the chain of seals, the working file made again.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from small_book import drop, row, write_files
from three_months import months_published, order, write_three_months
from upline_command import (
    COMMAND,
    Outcome,
    close,
    contents,
    finish,
    start_close,
    upline,
    what_is_kept,
)

pytestmark = pytest.mark.long


def check_stopped(found: Outcome, told: str) -> None:
    """The command ended with 2 and one line that says why."""
    assert found.code == 2 and told in found.err, found
    assert found.err.startswith("upline: stopped: ") and found.err.count("\n") == 1


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder under a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


class TestWhatIsTakenAsAHome:
    @pytest.mark.parametrize("name", ["notes.txt", "work/thesis-2020-01/chapter.txt", "reports/x"])
    def test_not_a_folder_of_somebody_else(self, tmp_path: Path, name: str) -> None:
        book, home = write_three_months(tmp_path / "book"), tmp_path / "mine"
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("kept")
        before = everything(home)
        for command in ("close", "trial"):
            found = upline(command, "2020-01", "--book", book, "--home", home)
            check_stopped(found, "is no home of Upline")
        found = upline("ui", "--book", book, "--home", home)
        check_stopped(found, "is no home of Upline")
        assert everything(home) == before

    def test_not_a_folder_of_the_book(self, tmp_path: Path) -> None:
        book = write_three_months(tmp_path / "book")
        before = everything(book)
        check_stopped(close("2020-02", book, book / "2020-01"), "is no home of Upline")
        assert everything(book) == before

    def test_not_a_file(self, tmp_path: Path) -> None:
        book = write_three_months(tmp_path / "book")
        (tmp_path / "home").write_text("kept")
        check_stopped(close("2020-01", book, tmp_path / "home"), "cannot be the home")
        assert (tmp_path / "home").read_text() == "kept"

    @pytest.mark.long
    def test_an_empty_folder_and_it_is_left_empty_by_a_stop(self, tmp_path: Path) -> None:
        book = write_three_months(tmp_path / "book")
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "lost+found").mkdir()
        check_stopped(close("2020-02", book, tmp_path / "home"), "2020-01 is not closed yet")
        assert everything(tmp_path / "home") == {"lost+found": None}
        assert close("2020-01", book, tmp_path / "home").code == 0

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_reports_that_were_restored_alone(self, mine: Path, three_months: Path) -> None:
        home = mine / "home"
        shutil.move(home / "reports", mine / "backup")
        shutil.rmtree(home)
        shutil.copytree(mine / "backup", home / "reports")
        assert close("2020-03", mine / "book", home, "--through").code == 0
        assert contents(home / "reports") == contents(three_months / "home" / "reports")

    @pytest.mark.long
    def test_what_somebody_keeps_in_the_work_folder_stays(self, mine: Path) -> None:
        work = mine / "home" / "work"
        theirs = ["thesis-2020-01/chapter.txt", "close-up-2020-01/x", "trial-2020-01x.duckdb"]
        for name in theirs:
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_text("kept")
        ours = work / "close-2020-01"
        ours.mkdir()
        assert close("2020-02", mine / "book", mine / "home").code == 0
        assert [name for name in theirs if not (work / name).exists()] == []
        assert not ours.exists()


class TestModes:
    @pytest.mark.exhaustive
    @pytest.mark.long
    @pytest.mark.parametrize(("more", "forbidden"), [([], 0o077), (["--shared"], 0o027)])
    def test_nobody_else_may_read_a_home_whatever_the_umask(
        self, tmp_path: Path, more: list[str], forbidden: int
    ) -> None:
        book, home = write_three_months(tmp_path / "book"), tmp_path / "home"
        for command, month in (("close", "2020-01"), ("trial", "2020-02"), ("close", "2020-02")):
            told = [*COMMAND, command, month, "--book", str(book), "--home", str(home), *more]
            subprocess.run(["sh", "-c", 'umask 0; exec "$@"', "sh", *told], check=True)
        found = [home, *home.rglob("*")]
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in found}
        assert {path for path, mode in modes.items() if mode & forbidden} == set()
        if more:
            wanted = {path: 0o750 if path.is_dir() else 0o640 for path in found}
            assert {path for path in found if modes[path] != wanted[path]} == set()

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_sharing_opens_a_private_home_to_the_group_and_a_later_close_keeps_it(
        self, mine: Path
    ) -> None:
        home = mine / "home"
        assert close("2020-02", mine / "book", home, "--shared").code == 0
        assert close("2020-03", mine / "book", home).code == 0
        for folder in (home, home / "reports", home / "warehouses"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o750
        assert stat.S_IMODE((home / "reports" / "2020-02").stat().st_mode) == 0o750
        assert stat.S_IMODE((home / "reports" / "2020-03").stat().st_mode) == 0o700

    @pytest.mark.long
    def test_a_folder_that_was_there_is_made_private_when_it_is_taken(self, tmp_path: Path) -> None:
        book, home = write_three_months(tmp_path / "book"), tmp_path / "home"
        home.mkdir()
        home.chmod(0o777)
        assert close("2020-01", book, home).code == 0
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def close_here(name: str | bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Close January in a home that is named as it stands, from inside a folder."""
    told = [os.fsencode(part) for part in COMMAND]
    told += [b"close", b"2020-01", b"--book", b"book", b"--home=" + os.fsencode(name)]
    return subprocess.run(told, cwd=folder, capture_output=True)


ODD = ["-h", "md:x", "a[12]", "s3:", "s3://x", ":memory:", "a#b", "100%", "it's", 'a"b',
       "two\nlines", " lead", "trail ", "-rf *", "{a}", "$HOME", "~", "file:x", "ünï 🙂", "x.csv",
       "a;b"]  # fmt: skip


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize(
    "name", [*ODD[:3], *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ODD[3:])]
)
def test_a_home_of_any_name_works(tmp_path: Path, name: str) -> None:
    write_three_months(tmp_path / "book")
    found = close_here(name, tmp_path)
    assert (found.returncode, found.stderr) == (0, b"")
    home = tmp_path / name
    assert (home / "reports" / "2020-01" / "seal.json").is_file()
    assert months_published(home) == ["2020-01"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"book", name.split("/")[0]})
    assert found.stdout.endswith(f"{Path(name)}/reports/2020-01\n".encode())


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("name", [b"what?", b"back\\slash", b"n\xffo"])
def test_a_home_that_the_engine_cannot_open_is_refused(tmp_path: Path, name: bytes) -> None:
    write_three_months(tmp_path / "book")
    found = close_here(name, tmp_path)
    assert found.returncode == 2 and found.stderr.count(b"\n") == 1
    assert b"cannot be the home" in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


# The chain of seals.

Spoil = Callable[[Path], object]


def change_seal(of: str, **parts: object) -> Spoil:
    """A part of a month's seal written anew."""

    def spoil(home: Path) -> None:
        path = home / "reports" / of / "seal.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | parts))

    return spoil


def forget(home: Path) -> None:
    """The home's own memory of the seals taken away."""
    shutil.rmtree(home / "work" / "seals")


def forget_then(spoil: Spoil) -> Spoil:
    """The home's own memory of the seals taken away before it is spoiled."""

    def both(home: Path) -> None:
        forget(home)
        spoil(home)

    return both


BROKEN: dict[str, tuple[Spoil, str]] = {
    "the last seal changed": (change_seal("2020-03", note=1), "2020-03/seal.json has changed"),
    "an earlier seal changed": (change_seal("2020-01", note=1), "2020-01/seal.json has changed"),
    "an earlier seal changed, nothing remembered": (
        forget_then(change_seal("2020-02", note=1)),
        "2020-03/seal.json does not name the seal of the month before",
    ),
    "a seal that names another": (
        forget_then(change_seal("2020-03", previous_seal="0" * 64)),
        "2020-03/seal.json does not name the seal of the month before",
    ),
    "an opening seal that names one": (
        forget_then(change_seal("2020-01", previous_seal="0" * 64)),
        "2020-01/seal.json does not name the seal of the month before",
    ),
    "a seal missing in the middle": (
        lambda home: (home / "reports" / "2020-02" / "seal.json").unlink(),
        "2020-02/seal.json is missing",
    ),
    "a month missing in the middle, nothing remembered": (
        forget_then(lambda home: shutil.rmtree(home / "reports" / "2020-02")),
        "2020-02/seal.json is missing",
    ),
    "the last seal missing": (
        lambda home: (home / "reports" / "2020-03" / "seal.json").unlink(),
        "2020-03/seal.json is missing",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_chain_stops_and_says_which(three_months: Path, tmp_path: Path, how: str) -> None:
    mine = Path(shutil.copytree(three_months, tmp_path / "mine", symlinks=True))
    spoil, told = BROKEN[how]
    spoil(mine / "home")
    before = what_is_kept(mine / "home")
    check_stopped(close("2020-03", mine / "book", mine / "home"), told)
    assert what_is_kept(mine / "home") == before


MISSHAPEN = [
    "", "[]", "{}", "null", "1", "\ufeff{}", "[" * 100_000, '{"month": "2020-01"}', "9" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("text", MISSHAPEN, ids=lambda text: text[:12] or "empty")
def test_a_misshapen_seal_is_told_in_one_sentence(mine: Path, text: str) -> None:
    (mine / "home" / "reports" / "2020-01" / "seal.json").write_text(text)
    check_stopped(close("2020-02", mine / "book", mine / "home"), "2020-01/seal.json")
    forget(mine / "home")
    check_stopped(close("2020-02", mine / "book", mine / "home"), "2020-01/seal.json")
    (mine / "home" / "reports" / "2020-01" / "seal.json").write_bytes(b"\xff\xfe")
    check_stopped(close("2020-02", mine / "book", mine / "home"), "2020-01/seal.json")


@pytest.mark.parametrize(
    "parts",
    [
        {"inputs": []}, {"inputs": {"drop": []}}, {"reports": None}, {"reports": {"a": 1}},
        {"inputs": {"drop": {"a": []}, "policy": "", "mapping": "", "calendar": ""}},
        {"inputs": {"drop": {}, "policy": [], "mapping": "", "calendar": ""}},
        {"previous_seal": 1}, {"month": "2020-02"}, {"month": None}, {"versions": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_seal_of_another_shape_is_told_in_one_sentence(
    mine: Path, parts: dict[str, object]
) -> None:
    forget(mine / "home")
    change_seal("2020-01", **parts)(mine / "home")
    check_stopped(close("2020-02", mine / "book", mine / "home"), "the seal is not whole")


def lose_january(mine: Path) -> None:
    """The last closed month taken away, as if by hand."""
    shutil.rmtree(mine / "home" / "reports" / "2020-01")


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_lost_month_is_not_closed_anew_from_other_inputs(mine: Path) -> None:
    lose_january(mine)
    write_files(
        mine / "book" / "2020-01",
        {"orders.csv": drop(orders=[order(9, "2020-01-09")])["orders.csv"]},
    )
    for command in (["2020-01"], ["2020-03", "--through"]):
        found = upline("close", *command, "--book", mine / "book", "--home", mine / "home")
        check_stopped(found, "2020-01 was closed before")
        assert "orders.csv has changed" in found.err and "seals/2020-01.json" in found.err
    assert not (mine / "home" / "reports" / "2020-01").exists()
    (mine / "home" / "work" / "seals" / "2020-01.json").unlink()
    assert close("2020-01", mine / "book", mine / "home").code == 0


@pytest.mark.long
def test_a_lost_month_comes_back_from_the_same_inputs(mine: Path, january: Path) -> None:
    lose_january(mine)
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert contents(mine / "home" / "reports") == contents(january / "home" / "reports")
    assert months_published(mine / "home") == ["2020-01"]


@pytest.mark.long
def test_a_lost_month_that_would_get_another_seal_is_not_closed_anew(mine: Path) -> None:
    lose_january(mine)
    path = mine / "home" / "work" / "seals" / "2020-01.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"versions": told["versions"] | {"upline": "0.0.1"}}))
    found = close("2020-01", mine / "book", mine / "home")
    check_stopped(found, "this version of the program gives it another seal")
    assert not (mine / "home" / "reports" / "2020-01").exists()


def test_no_note_of_digests_hides_a_change(mine: Path) -> None:
    path = mine / "book" / "2020-01" / "orders.csv"
    sealed = sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes().replace(b"100.00", b"100.01"))
    status = path.stat()
    note = {str(path): [status.st_size, status.st_ctime_ns, status.st_ino, sealed]}
    for text in (json.dumps(note), "[]", '{"a": 1}', "["):
        (mine / "home" / "work" / "digests.json").write_text(text)
        check_stopped(close("2020-02", mine / "book", mine / "home"), "orders.csv has changed")


# The working file.


@pytest.mark.exhaustive
@pytest.mark.long
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


def test_a_working_file_from_before_a_month_was_closed_anew_is_made_again(
    mine: Path, tmp_path: Path
) -> None:
    working, orders = mine / "home/work/warehouse.duckdb", mine / "book/2020-01/orders.csv"
    kept = working.read_bytes()
    reopening = ("reopen", "2020-01", "--home", mine / "home", "--reason", "a wrong amount")
    assert upline(*reopening).code == 0
    orders.write_bytes(orders.read_bytes().replace(b"100.00", b"100.01"))
    assert close("2020-01", mine / "book", mine / "home").code == 0
    untouched = Path(shutil.copytree(mine, tmp_path / "untouched", symlinks=True))
    assert close("2020-02", untouched / "book", untouched / "home").code == 0
    working.write_bytes(kept)
    found = close("2020-02", mine / "book", mine / "home")
    assert found.code == 0 and "2020-01  is computed again" in found.out, found
    assert contents(mine / "home" / "reports") == contents(untouched / "home" / "reports")


def seal_other_reports(mine: Path, names: list[str], **versions: str) -> None:
    """January's seal as if it had been made when some reports were different."""
    shutil.rmtree(mine / "home" / "work")
    path = mine / "home" / "reports" / "2020-01" / "seal.json"
    seal = json.loads(path.read_text())
    seal["reports"] |= dict.fromkeys(names, "0" * 64)
    seal["versions"] |= versions
    path.write_text(json.dumps(seal))


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("name", ["finance/volume.csv", "quality/quarantine.csv"])
def test_a_working_file_that_gives_other_figures_than_are_sealed_is_not_used(
    mine: Path, name: str
) -> None:
    seal_other_reports(mine, [name, "index.html"], rules="0" * 64)
    found = close("2020-02", mine / "book", mine / "home")
    check_stopped(found, name)
    assert "changed since: rules" in found.err
    assert not (mine / "home" / "reports" / "2020-02").exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_pages_that_look_different_now_do_not_lock_a_home(mine: Path) -> None:
    pages = ["finance/index.html", "finance/finance.xlsx", "leaders/M1/index.html"]
    seal_other_reports(mine, pages, templates="0" * 64)
    before = contents(mine / "home" / "reports" / "2020-01")
    found = close("2020-02", mine / "book", mine / "home")
    assert found.code == 0, found.err
    assert "finance/finance.xlsx (and 2 more) would look different now" in found.out
    assert "changed since: templates" in found.out
    assert contents(mine / "home" / "reports" / "2020-01") == before


def test_a_seal_names_the_rules_the_templates_and_the_program_apart(mine: Path) -> None:
    seal = json.loads((mine / "home" / "reports" / "2020-01" / "seal.json").read_text())
    told = [seal["versions"][name] for name in ("rules", "templates", "program")]
    assert len(set(told)) == 3 and all(len(each) == 64 for each in told)
    assert {"upline", "duckdb", "tzdata"} <= set(seal["versions"])


@pytest.mark.long
def test_a_stopped_process_says_no_more(mine: Path) -> None:
    shutil.rmtree(mine / "home" / "reports" / "2020-01")
    other = drop(holds=[row("holds", hold_id="H2")])["holds.csv"]
    write_files(mine / "book" / "2020-01", {"holds.csv": other})
    check_stopped(finish(start_close("2020-01", mine / "book", mine / "home")), "holds.csv")
