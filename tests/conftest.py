"""Fixtures that several tests share: the sample book closed once, the real shop's, a small one."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from three_months import write_three_months
from upline_command import close

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month

PROJECT = Path(__file__).resolve().parent.parent
SAMPLE = PROJECT / "data" / "sample"
EXAMPLES = PROJECT / "tests" / "examples"


def pytest_configure() -> None:
    """Take Ctrl-C, also where the shell that runs the tests in the background ignores it: what is
    ignored here is ignored by the processes of the tests too."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked `first(n)` make all parameters after the first n exhaustive."""
    counts: Counter[str] = Counter()
    for item in items:
        mark = item.get_closest_marker("first")
        if mark is not None:
            name = item.nodeid.partition("[")[0]
            counts[name] += 1
            if counts[name] > mark.args[0]:
                item.add_marker(pytest.mark.exhaustive)


def close_quietly(book: Path, home: Path, month: str) -> Path:
    """Close every month up to `month`; out: its reports."""
    return close_months(book, Home(home), Month.parse(month), True, lambda text: None)


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker to ask for it makes, and all others wait for."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def closed_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every month of the sample book is closed. Tests only read it."""

    def make(folder: Path) -> None:
        close_quietly(SAMPLE, folder / "home", "2020-04")

    return make_once(tmp_path_factory, "sample", make) / "home"


@pytest.fixture(scope="session")
def closed_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of every month of the real-shop book: half a minute. Tests only read them."""

    def make(folder: Path) -> None:
        converter = PROJECT / "data" / "shop" / "convert.py"
        subprocess.run([sys.executable, str(converter), "--to", str(folder / "book")], check=True)
        close_quietly(folder / "book", folder / "home", "2011-11")

    return make_once(tmp_path_factory, "shop", make) / "home" / "reports"


@pytest.fixture(scope="session")
def closed_example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """From a worked example's name to a home with its months closed. Tests only read it."""

    def closed(name: str) -> Path:
        def make(folder: Path) -> None:
            last = max(path.name for path in (EXAMPLES / name / "expected").iterdir())
            close_quietly(EXAMPLES / name / "book", folder / "home", last)

        return make_once(tmp_path_factory, f"example-{name}", make) / "home"

    return closed


@pytest.fixture(scope="session")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which January is closed. Tests work on copies."""

    def make(folder: Path) -> None:
        book = write_three_months(folder / "book")
        assert close("2020-01", book, folder / "home").code == 0

    return make_once(tmp_path_factory, "january", make)


@pytest.fixture(scope="session")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which all three months are closed without trouble."""

    def make(folder: Path) -> None:
        book = write_three_months(folder / "book")
        assert close("2020-03", book, folder / "home", "--through").code == 0

    return make_once(tmp_path_factory, "undisturbed", make)


@pytest.fixture
def mine(january: Path, tmp_path: Path) -> Path:
    """A copy of `january` that the test may spoil."""
    return Path(shutil.copytree(january, tmp_path / "mine", symlinks=True))
