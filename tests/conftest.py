"""Fixtures that several tests share: the sample book closed once, the real shop's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
