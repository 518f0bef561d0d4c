"""`upline serve` while others are at work: stories by the dozen, a close, a reopening."""

from __future__ import annotations

import io
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_serve import NOON, Reply, Served, run
from upline_command import contents, start_close, upline
from zips import write_zip

from pipelines.closing.home import Home
from pipelines.delivery.access_store import AccessStore
from pipelines.delivery.answers import Site
from pipelines.delivery.app import STORIES_AT_ONCE, STORIES_IN_LINE
from pipelines.delivery.known_packs import MOST_MONTHS, KnownPacks
from pipelines.reports.packs.reading import read_pack_file
from pipelines.reports.packs.zip_writing import lay_out

pytestmark = pytest.mark.long


class Gate:
    """A clock that holds back whoever asks for the time while it is shut."""

    def __init__(self) -> None:
        self.now, self.held, self.is_shut = NOON, 0, False
        self.opened = threading.Event()

    def __call__(self) -> float:
        if self.is_shut:
            self.held += 1
            self.opened.wait(60)
        return self.now


@pytest.fixture
def gated(closed_sample: Path, tmp_path: Path) -> Iterator[tuple[Served, Gate]]:
    """The sample's home, served by a clock that can be held."""
    home = Path(shutil.copytree(closed_sample, tmp_path / "home", symlinks=True))
    gate = Gate()
    site = Site(AccessStore(Home(home)), gate)
    for served in run(Served(site, gate)):  # type: ignore[arg-type]
        yield served, gate


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_pages_do_not_wait_for_stories_and_few_are_told_at_once(
    gated: tuple[Served, Gate],
) -> None:
    served, gate = gated
    cookie, replies = served.sign_in("finance"), list[Reply]()

    def ask() -> None:
        replies.append(served.ask("/explain/member/Anna", cookie))

    asking = [threading.Thread(target=ask) for _ in range(STORIES_AT_ONCE + STORIES_IN_LINE + 3)]
    gate.is_shut = True
    for thread in asking:
        thread.start()
    wait_until(lambda: len(replies) == 3 and gate.held == STORIES_AT_ONCE)
    assert {reply.status for reply in replies} == {503}
    assert all(reply.headers["retry-after"] == "30" for reply in replies)
    gate.is_shut = False
    assert served.ask("/reports/2020-03/index.html", cookie).status == 200
    assert gate.held == STORIES_AT_ONCE and len(replies) == 3
    gate.opened.set()
    for thread in asking:
        thread.join()
    assert [reply.status for reply in replies].count(200) == STORIES_AT_ONCE + STORIES_IN_LINE


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_close_and_a_reopening_never_show_half_a_month(mine: Path) -> None:
    home, book = mine / "home", mine / "book"
    gate = Gate()
    for served in run(Served(Site(AccessStore(Home(home)), gate), gate)):  # type: ignore[arg-type]
        cookie = served.sign_in("finance")
        paths = ("/2020-02.zip", "/reports/2020-02/index.html", "/reports/2020-02/seal.json")
        seen: dict[str, list[Reply]] = {path: [] for path in paths}
        process = start_close("2020-02", book, home)
        while process.poll() is None:
            for path in paths:
                seen[path].append(served.ask(path, cookie))
        assert process.wait() == 0
        for path in paths:
            seen[path].append(served.ask(path, cookie))
        whole = contents(home / "reports/2020-02")
        assert upline("reopen", "2020-02", "--home", home, "--reason", "a test").code == 0
        for path in paths:
            assert served.ask(path, cookie).status == 404
    for path in paths:
        found = [reply.status for reply in seen[path]]
        assert found == sorted(found, reverse=True) and {*found} == {404, 200}, "there, and stays"
        assert len({reply.body for reply in seen[path] if reply.status == 200}) == 1
    with zipfile.ZipFile(io.BytesIO(seen["/2020-02.zip"][-1].body)) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == whole
    assert seen["/reports/2020-02/seal.json"][-1].body == whole["seal.json"]


def test_zipped_packs_are_read_once_and_anew_where_they_are_others(
    gated: tuple[Served, Gate],
) -> None:
    served, _ = gated
    month = served.home / "reports/2020-03"
    packs = sorted(contents(month / "leaders").items())
    shutil.rmtree(month / "leaders")
    cookie = served.sign_in("leader:Bram")
    for text in (b"first", b"second"):
        write_zip(month / "leaders.zip", [lay_out([*packs, ("Zoe/index.html", text)])])
        other = served.sign_in("leader:Zoe", "Zoe")
        for _ in range(3):
            reply = served.ask("/reports/2020-03/leaders/Zoe/index.html", other)
            assert (reply.status, reply.body) == (200, text)
            own = served.ask("/reports/2020-03/leaders/Bram/index.html", cookie)
            assert own.body == dict(packs)["Bram/index.html"]
    assert len(served.site.packs._opened) == 2


def test_only_so_many_directories_are_kept(tmp_path: Path) -> None:
    known = KnownPacks()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(2 * MOST_MONTHS):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_zip(folder / "leaders.zip", [lay_out([("A/index.html", str(number).encode())])])
        with known.open(folder) as packs:
            assert read_pack_file(packs, "A", "index.html") == str(number).encode()
    assert len(known._opened) == MOST_MONTHS
    held = len(list(Path("/proc/self/fd").iterdir())) - before
    assert held <= MOST_MONTHS, "the others were closed"
