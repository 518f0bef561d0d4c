"""Fixtures that several tests share: the sample book closed once, the real shop's, a small one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from three_months import write_three_months
from upline_command import close

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month

PROJECT = Path(__file__).resolve().parent.parent
SAMPLE = PROJECT / "data" / "sample"


def close_quietly(book: Path, home: Path, month: str) -> Path:
    """Close every month up to `month`; out: its reports."""
    return close_months(book, Home(home), Month.parse(month), True, lambda text: None)


@pytest.fixture(scope="session")
def closed_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every month of the sample book is closed. Tests only read it."""
    home = tmp_path_factory.mktemp("sample") / "home"
    close_quietly(SAMPLE, home, "2020-04")
    return home


@pytest.fixture(scope="session")
def closed_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of every month of the real-shop book: half a minute. Tests only read them."""
    folder = tmp_path_factory.mktemp("shop")
    converter = PROJECT / "data" / "shop" / "convert.py"
    subprocess.run([sys.executable, str(converter), "--to", str(folder / "book")], check=True)
    return close_quietly(folder / "book", folder / "home", "2011-11").parent


@pytest.fixture(scope="session")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which January is closed. Tests work on copies."""
    folder = tmp_path_factory.mktemp("january")
    book = write_three_months(folder / "book")
    assert close("2020-01", book, folder / "home").code == 0
    return folder


@pytest.fixture(scope="session")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `book` and `home`, in which all three months are closed without trouble."""
    folder = tmp_path_factory.mktemp("undisturbed")
    book = write_three_months(folder / "book")
    assert close("2020-03", book, folder / "home", "--through").code == 0
    return folder


@pytest.fixture
def mine(january: Path, tmp_path: Path) -> Path:
    """A copy of `january` that the test may spoil."""
    return Path(shutil.copytree(january, tmp_path / "mine", symlinks=True))
