"""Packs of a month with more than 1,000 of them: one ZIP file with the same paths and bytes,
written by processes side by side; and the one way to read packs, in whichever form they lie."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import SAMPLE, close_quietly
from deaths import mounted
from html_pages import read_page
from small_book import POLICY, drop, row, write_book
from test_packs import APRIL, Given, april, children, contents, write_packs
from upline_command import close, finish, start_close, what_is_kept

from pipelines.book.drops import open_book
from pipelines.months import Month
from pipelines.reports.packs import writers as writers_module
from pipelines.reports.packs.process import lay_out_part
from pipelines.reports.packs.reading import open_packs, read_pack_file
from pipelines.reports.packs.store import store_packs
from pipelines.reports.packs.write import packs_beside
from pipelines.reports.packs.writers import PackWork, Writers
from pipelines.reports.packs.zip_reading import ZipDirectory
from pipelines.reports.reported_month import MOST_PACK_FOLDERS, ReportedMonth
from pipelines.rules.models import read_models
from pipelines.stop import Stop

__all__ = ["april"]
OPENING = Month("2020-01")
# Ids that begin others: "/" stands behind "-" and "." and before letters.
PREFIXES = ("A", "A-1", "A.1", "A1", "A_1", "a", "AA", "A-", "A.")
PARTNERS = (
    *PREFIXES,
    *[f"N{number:04}" for number in range(MOST_PACK_FOLDERS + 1 - len(PREFIXES))],
)
LANGUAGES = (None, "nl", "es", "zh", "de")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which a month with 1,001 packs is closed."""
    folder = tmp_path_factory.mktemp("crowd")
    members = [
        row("members", member_id=partner, name=f"Partner {partner}", language=LANGUAGES[at % 5])
        for at, partner in enumerate(PARTNERS)
    ]
    accounts = [
        row("accounts", account_id=f"Z{at}", partner_id=partner)
        for at, partner in enumerate(PARTNERS)
    ]
    month = drop(members=members, accounts=accounts, orders=[row("orders", seller_id="A")])
    policy = POLICY.split("[referral]")[0] + "[onboarding]\n"
    write_book(folder / "book", month, policy=policy)
    close_quietly(folder / "book", folder / "home", "2020-01")
    return folder


@pytest.fixture
def crowded(crowd: Path, tmp_path: Path) -> Iterator[Given]:
    """The crowd's month in a warehouse of its own, and what its packs are made with."""
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(crowd / "home/warehouse.duckdb", copy)
    with closing(duckdb.connect(str(copy))) as con:
        yield con, (open_book(crowd / "book", OPENING).policy, OPENING, read_models())


def reports(crowd: Path) -> Path:
    return crowd / "home/reports/2020-01"


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


class TestTheFile:
    @pytest.mark.long
    def test_has_what_the_folder_has(
        self, april: Given, closed_sample: Path, tmp_path: Path
    ) -> None:
        digests = write_packs(april, tmp_path / "zip", 0)
        path = tmp_path / "zip/leaders.zip"
        assert unzipped(path) == contents(closed_sample / "reports/2020-04/leaders")
        assert digests == {"leaders.zip": sha256(path.read_bytes()).hexdigest()}
        assert [each.name for each in (tmp_path / "zip").iterdir()] == ["leaders.zip"]

    @pytest.mark.long
    def test_stands_for_more_than_a_thousand(
        self, crowd: Path, crowded: Given, tmp_path: Path
    ) -> None:
        assert not (reports(crowd) / "leaders").exists()
        write_packs(crowded, tmp_path / "month", len(PARTNERS))
        assert unzipped(reports(crowd) / "leaders.zip") == contents(tmp_path / "month/leaders")
        month = ReportedMonth(*crowded[1], tmp_path, False)
        assert [month.has_zipped_packs(count) for count in (0, 1000, 1001)] == [False, False, True]

    def test_is_sorted_by_path(self, crowd: Path) -> None:
        with zipfile.ZipFile(reports(crowd) / "leaders.zip") as found:
            paths = [name.encode() for name in found.namelist()]
        assert paths == sorted(paths) and len(paths) == 2 * len(PARTNERS)
        assert paths.index(b"A-1/index.html") < paths.index(b"A/index.html")

    @pytest.mark.first(1)
    @pytest.mark.long
    @pytest.mark.parametrize("processes", [1, 3])
    def test_is_the_same_whoever_writes_it(
        self, crowd: Path, crowded: Given, tmp_path: Path, processes: int
    ) -> None:
        write_packs(crowded, tmp_path / "month", MOST_PACK_FOLDERS, processes=processes)
        again = (tmp_path / "month/leaders.zip").read_bytes()
        assert again == (reports(crowd) / "leaders.zip").read_bytes()

    def test_is_the_same_where_the_engine_keeps_nothing(
        self, crowded: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        con, (policy, month, models) = crowded
        store_packs(con, tmp_path / "packs.duckdb")
        con.execute("detach packs")
        store, target = tmp_path / "packs.duckdb", tmp_path / "leaders.zip"
        work = PackWork(policy, month, False, store, target, 0, 2)
        pieces = list(lay_out_part(work))
        monkeypatch.setattr("pipelines.reports.packs.process.KEPT_PIECES", 1)
        assert list(lay_out_part(work)) == pieces and len(pieces) == 3

    def test_is_sealed_as_one_file(self, crowd: Path) -> None:
        sealed = json.loads((reports(crowd) / "seal.json").read_text())["reports"]
        assert [name for name in sealed if name.startswith("leaders")] == ["leaders.zip"]
        digest = sha256((reports(crowd) / "leaders.zip").read_bytes()).hexdigest()
        assert sealed["leaders.zip"] == digest

    def test_is_all_that_the_month_keeps_of_packs(self, crowd: Path) -> None:
        names = {path.name for path in reports(crowd).rglob("*")}
        assert {name for name in names if "leaders" in name or "pack" in name} == {"leaders.zip"}
        assert [path.name for path in (crowd / "home/work").rglob("*pack*")] == []

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_is_made_again_with_the_working_file(self, crowd: Path, tmp_path: Path) -> None:
        home = shutil.copytree(crowd / "home", tmp_path / "home")
        (home / "work/warehouse.duckdb").unlink()
        (home / "warehouse.duckdb").unlink()
        assert close("2020-01", crowd / "book", home).code == 0
        assert contents(home / "reports") == contents(crowd / "home/reports")


class TestThePage:
    def test_leads_to_the_file_and_says_so(self, crowd: Path) -> None:
        text = (reports(crowd) / "index.html").read_text("utf-8")
        assert '<a href="leaders.zip">leaders.zip</a>' in text and 'href="leaders/' not in text
        assert "1,001 leaders" in text

    def test_leads_only_to_what_is_there(self, crowd: Path) -> None:
        for path in reports(crowd).rglob("*.html"):
            for link in read_page(path).links:
                if "/explain/" in link:  # where the reports are served
                    continue
                assert (path.parent / link.partition("#")[0]).exists(), link


class TestWhatGoesWrong:
    def test_a_process_that_is_killed_stops_the_close(self, crowded: Given, tmp_path: Path) -> None:
        con, given = crowded
        killed: list[str] = []

        def kill_one() -> None:
            until = time.monotonic() + 60
            while not killed and time.monotonic() < until:
                for child in children():
                    os.kill(int(child), signal.SIGKILL)
                    killed.append(child)
                    break

        with (
            pytest.raises(ChildProcessError, match="ended with -9"),
            packs_beside(con, ReportedMonth(*given, tmp_path / "month", False)),
        ):
            kill_one()
        assert killed and not set(killed) & children()

    def test_a_process_that_dies_with_its_place_told_stops_the_close(
        self, crowded: Given, tmp_path: Path
    ) -> None:
        con, (policy, month, models) = crowded
        store, target = tmp_path / "packs.duckdb", tmp_path / "leaders.zip"
        store_packs(con, store)
        con.execute("detach packs")
        target.write_bytes(b"")
        writers = Writers()
        try:
            writers.start(2)
            given = (policy, month, False, store, target)
            writers.set_to_work([PackWork(*given, part, 2) for part in range(2)])
            placed = writers.placed()
            assert 0 < next(placed).length <= target.stat().st_size
            # The first of five pieces stands, where the second one starts has been said.
            for child in children():
                os.kill(int(child), signal.SIGKILL)
            with pytest.raises(ChildProcessError, match="ended with -9"):
                list(placed)
        finally:
            writers.end()
        assert not children()

    def test_where_a_second_process_cannot_be_begun_the_first_one_ends(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin = iter([writers_module._start])

        def start() -> subprocess.Popen[bytes]:
            for each in begin:
                return each()
            raise BlockingIOError("no more processes")

        monkeypatch.setattr(writers_module, "_start", start)
        writers = Writers()
        with pytest.raises(BlockingIOError):
            writers.start(2)
        writers.end()
        assert not children()

    @pytest.mark.long
    def test_an_error_in_a_process_is_told_as_it_is(
        self, crowded: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lay_out_nothing(con: Any, store: Path) -> None:
            store.write_text("no warehouse")

        monkeypatch.setattr("pipelines.reports.packs.write.store_packs", lay_out_nothing)
        with pytest.raises(duckdb.IOException, match="packs.duckdb"):
            write_packs(crowded, tmp_path / "month", MOST_PACK_FOLDERS)

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_a_close_that_is_killed_leaves_nothing(self, crowd: Path, tmp_path: Path) -> None:
        home = tmp_path / "home"
        staged = home / "work/close-2020-01/leaders.zip"
        process = start_close("2020-01", crowd / "book", home)
        until = time.monotonic() + 120
        while not staged.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        process.kill()
        assert finish(process).code == -signal.SIGKILL
        assert not any("2020-01" in name for name in what_is_kept(home))
        assert close("2020-01", crowd / "book", home).code == 0
        assert contents(home / "reports") == contents(crowd / "home/reports")
        assert not staged.parent.exists()

    @pytest.mark.long
    def test_a_full_disk_is_told(self, crowded: Given, tmp_path: Path) -> None:
        (tmp_path / "month").mkdir()
        (tmp_path / "month/leaders.zip").symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left"):
            write_packs(crowded, tmp_path / "month", MOST_PACK_FOLDERS)
        assert not children()

    @pytest.mark.long
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
    def test_a_disk_too_small_for_the_rows_is_told(
        self, crowded: Given, tmp_path: Path, share: float
    ) -> None:
        con, (_, _, models) = crowded
        store_packs(con, tmp_path / "packs.duckdb")
        con.execute("detach packs")
        room = int((tmp_path / "packs.duckdb").stat().st_size * share)
        with mounted(tmp_path / "disk", f"size={room}") as disk:
            with pytest.raises(duckdb.Error) as told:
                write_packs(crowded, disk / "month", MOST_PACK_FOLDERS)
            # No more than the first line is told.
            assert "No space left" in str(told.value).splitlines()[0]
            assert not children()

    @pytest.mark.long
    @pytest.mark.parametrize("share", [0.5, 0.995], ids=["of the pieces", "of the directory"])
    def test_a_disk_that_fills_half_way_is_told(
        self, crowd: Path, crowded: Given, tmp_path: Path, share: float
    ) -> None:
        room = int((reports(crowd) / "leaders.zip").stat().st_size * share)
        (tmp_path / "month").mkdir()
        with mounted(tmp_path / "disk", f"size={room}") as disk:
            (tmp_path / "month/leaders.zip").symlink_to(disk / "leaders.zip")
            with pytest.raises(OSError, match="No space left"):
                write_packs(crowded, tmp_path / "month", MOST_PACK_FOLDERS)
            assert not children()


@pytest.fixture(scope="module")
def zipped(closed_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month's folder with the sample's packs of April in a ZIP file."""
    folder = tmp_path_factory.mktemp("zipped")
    copy = shutil.copy(closed_sample / "warehouse.duckdb", tmp_path_factory.mktemp("copy"))
    with duckdb.connect(copy) as con:
        given = (open_book(SAMPLE, APRIL).policy, APRIL, read_models())
        write_packs((con, given), folder, 0)
    return folder


@pytest.fixture(params=["zip", "folder"])
def month(request: pytest.FixtureRequest, zipped: Path, closed_sample: Path) -> Path:
    """A month's folder with the sample's packs of April in it, in each form. Only read."""
    return zipped if request.param == "zip" else closed_sample / "reports/2020-04"


class TestReading:
    def test_finds_all_that_lies_there(self, month: Path, closed_sample: Path) -> None:
        lying = contents(closed_sample / "reports/2020-04/leaders")
        with open_packs(month) as packs:
            leaders = list(packs.leaders())
            found = {
                f"{leader}/{name}": (size, read_pack_file(packs, leader, name))
                for leader in leaders
                for name, size in packs.files(leader).items()
            }
        assert found == {path: (len(data), data) for path, data in sorted(lying.items())}
        assert list(found) == sorted(found)
        assert leaders == sorted(leaders, key=lambda leader: f"{leader}/") != []

    def test_reads_a_file_bit_by_bit(self, month: Path) -> None:
        with open_packs(month) as packs:
            whole = read_pack_file(packs, "Anna", "index.html")
            with packs.open("Anna", "index.html") as source:
                bits = list(iter(lambda: source.read(1000), b""))
        assert b"".join(bits) == whole and len(bits) > 1

    @pytest.mark.long
    @pytest.mark.parametrize("leader", ["Nobody", "", ".", "..", "Ann", "Anna/", "../leaders/Anna",
                                        "Anna/../Anna", "A\0", "Anna\n", "é"])  # fmt: skip
    def test_finds_nothing_of_nobody(self, month: Path, leader: str) -> None:
        with open_packs(month) as packs:
            assert packs.files(leader) == {}
            with pytest.raises(FileNotFoundError):
                packs.open(leader, "index.html")

    @pytest.mark.parametrize("name", ["x.csv", "", "..", "../Bram/index.html", "/etc/hostname"])
    def test_finds_no_file_that_is_not_the_leaders(self, month: Path, name: str) -> None:
        with open_packs(month) as packs, pytest.raises(FileNotFoundError):
            packs.open("Anna", name)

    def test_of_a_month_without_packs_finds_nothing(self, tmp_path: Path) -> None:
        with open_packs(tmp_path) as packs:
            assert list(packs.leaders()) == [] and packs.files("Anna") == {}

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_of_a_crowd_finds_each(self, crowd: Path) -> None:
        with open_packs(reports(crowd)) as packs:
            assert sorted(packs.leaders()) == sorted(PARTNERS)
            for leader in (*PREFIXES, PARTNERS[-1]):
                assert list(packs.files(leader)) == ["index.html", "onboarding.csv"]
                page = read_pack_file(packs, leader, "index.html").decode()
                assert re.findall(r"<h1><bdi>([^<]*)", page) == [f"Partner {leader}"]

    def test_says_what_is_damaged(self, zipped: Path, tmp_path: Path) -> None:
        path = Path(shutil.copy(zipped / "leaders.zip", tmp_path))
        with path.open("rb") as source:
            entry = ZipDirectory(path, source).entry("Anna/index.html")
        assert entry is not None
        with path.open("r+b") as target:
            target.seek(entry.start + 500)
            target.write(b"\0")
        with (
            open_packs(tmp_path) as packs,
            pytest.raises(Stop, match=r"leaders\.zip: Anna/index\.html is damaged"),
        ):
            read_pack_file(packs, "Anna", "index.html")
        path.write_bytes(path.read_bytes()[:-10])
        with (
            pytest.raises(Stop, match=r"leaders\.zip: its directory is damaged"),
            open_packs(tmp_path),
        ):
            pass


def test_unzip_makes_the_folder(zipped: Path, closed_sample: Path, tmp_path: Path) -> None:
    subprocess.run(["unzip", "-q", zipped / "leaders.zip", "-d", tmp_path / "out"], check=True)
    assert contents(tmp_path / "out") == contents(closed_sample / "reports/2020-04/leaders")
