"""A book in another form, with its mapping, gives what the plain book gives (contract 5)."""

from __future__ import annotations

import csv
import shutil
from functools import cache
from pathlib import Path

import pytest
from dressed_books import dress_book, dress_in_sql
from random_books import random_book
from upline_command import close

EXAMPLES = Path(__file__).parent / "examples"
MONTHS = ("2020-01", "2020-02", "2020-03")


def reports(folder: Path, book: Path, months: tuple[str, ...]) -> dict[str, object]:
    """Every CSV of a book's closes; of the quarantine all but file and line, in any order."""
    done = close(months[-1], book, folder, "--through")
    assert done.code == 0, done.err
    found: dict[str, object] = {}
    for month in months:
        for path in sorted((folder / "reports" / month).rglob("*.csv")):
            name = path.relative_to(folder / "reports").as_posix()
            found[name] = path.read_bytes()
            if path.name == "quarantine.csv":
                rows = list(csv.reader(path.open(newline="")))
                found[name] = sorted([table, *rest] for table, _, _, *rest in rows)
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A book by its seed, and what it gives plain; each is closed once."""

    @cache
    def make(seed: int) -> tuple[Path, dict[str, object]]:
        folder = tmp_path_factory.mktemp("plain")
        book = random_book(seed).write(folder / "book")
        return book, reports(folder / "home", book, MONTHS)

    return make


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 6))]
)
def test_a_dressed_book_gives_the_plain_books_reports(tmp_path: Path, plain, seed: int) -> None:  # type: ignore[no-untyped-def]
    book, expected = plain(seed % 2)
    dressed = dress_book(book, tmp_path / "book", seed)
    assert reports(tmp_path / "home", dressed, MONTHS) == expected


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A month of the contract's messy example, whose cells are bad in every way."""
    book = tmp_path_factory.mktemp("messy") / "book"
    shutil.copytree(EXAMPLES / "messy" / "book", book)
    return book, reports(book.parent / "home", book, MONTHS[:1])


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in (6, 11))]
)
def test_bad_cells_are_listed_as_in_the_plain_book(
    tmp_path: Path, messy: tuple[Path, dict[str, object]], seed: int
) -> None:
    book, expected = messy
    dressed = dress_book(book, tmp_path / "book", seed)
    assert reports(tmp_path / "home", dressed, MONTHS[:1]) == expected


@pytest.mark.exhaustive
def test_bad_cells_of_a_query_are_listed_as_in_the_plain_book(
    tmp_path: Path, messy: tuple[Path, dict[str, object]]
) -> None:
    book, expected = messy
    dressed = dress_in_sql(book, tmp_path / "book", 0)
    assert reports(tmp_path / "home", dressed, MONTHS[:1]) == expected


@pytest.mark.exhaustive
def test_one_file_for_all_tables_gives_the_plain_books_reports(tmp_path: Path, plain) -> None:  # type: ignore[no-untyped-def]
    book, expected = plain(0)
    dressed = dress_in_sql(book, tmp_path / "book", 0)
    assert reports(tmp_path / "home", dressed, MONTHS) == expected
