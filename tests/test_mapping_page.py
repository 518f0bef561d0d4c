"""What docs/mapping.md shows is what its files, mappings and queries give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import PROJECT
from small_book import POLICY, csv_text, row, write_files
from upline_command import Outcome, upline

PAGE = (PROJECT / "docs" / "mapping.md").read_text(encoding="utf-8")
MEMBERS = ("ROOT", "ANN", "BOB", "CAT", "PC1")
CALENDAR = """\
month,qualification_start,qualification_end,benefits_start,benefits_end
2024-01,2024-01-01,2024-01-28,2024-02-05,2024-03-03
"""


@dataclass(frozen=True)
class Section:
    """The blocks of a section of the page, in their order."""

    blocks: list[str]

    def block(self, begin: str) -> str:
        """The one that begins so."""
        [found] = [block for block in self.blocks if block.startswith(begin)]
        return found


def section(title: str) -> Section:
    """A section of the page by its heading."""
    text = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return Section(re.findall(r"```\w*\n(.*?)```", text, re.S))


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with five members and no orders; it is called as on the page."""
    members = [row("members", member_id=id, name=id, email=f"{id.lower()}@x.example")
               for id in MEMBERS]  # fmt: skip
    policy = POLICY.replace("2020-0", "2024-0")
    write_files(tmp_path / "book", {"policy.toml": policy, "calendar.csv": CALENDAR})
    write_files(tmp_path / "book" / "2024-01", {"members.csv": csv_text("members", members)})
    monkeypatch.chdir(tmp_path)
    return Path("book")


def check(book: Path) -> Outcome:
    """Run `upline check` as the page says it."""
    return upline("check", "2024-01", "--book", book)


def test_the_draft_of_a_file_that_does_not_fit(book: Path) -> None:
    told = section("Let `check` draft it")
    write_files(book / "2024-01", {"Sales.csv": told.block("Sales of January")})
    assert check(book).out.endswith(told.block("draft for mapping.toml"))


def test_names_marks_and_formats(book: Path) -> None:
    told = section("Names, marks and formats")
    write_files(book / "2024-01", {"Bestellungen_1.csv": told.block("Verkaufsbericht")})
    write_files(book, {"mapping.toml": told.block("[orders]")})
    assert check(book).out == told.block("table    file")


@pytest.mark.long
def test_one_file_for_several_tables(book: Path) -> None:
    told = section("One file, several tables: SQL")
    orders, reversals = told.block("-- one order"), told.block("select\n")
    write_files(book / "2024-01", {"shop_export.csv": told.block("Order,Placed")})
    write_files(book, {"mapping.toml": told.block("[sources.shop]")})
    write_files(book / "mapping", {"orders.sql": orders, "reversals.sql": reversals})
    assert check(book).out.startswith(f"{told.block('table      file')}\norders.sql\n")
    write_files(book / "mapping", {"orders.sql": orders.replace("where Status", "where State")})
    assert check(book).err == told.block("upline: stopped")
