"""A home as what proves it sees it: which months are closed, their policies, the published tables.

Belongs here: what may be looked at. Nothing of the home is written, and no other command is kept
waiting for long.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.drops import Book, open_book
from pipelines.book.policy import Policy
from pipelines.closing.chain import read_sealed
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file, digest_value
from pipelines.closing.reopening import journal_of
from pipelines.closing.seal import Seal
from pipelines.engines.duck import named_parameters
from pipelines.months import Month
from pipelines.stop import Stop
from pipelines.version import program_version

Values = dict[str, Any]
SETTINGS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@dataclass(frozen=True)
class Looked:
    """What an explanation looks at: closed months, in order, and what is published of them.

    `newest` is the month of the snapshot that is published, the only one that is.
    """

    con: duckdb.DuckDBPyConnection
    home: Home
    book_folder: Path
    months: tuple[Month, ...]
    newest: Month
    _books: dict[Month, Book] = field(default_factory=dict)
    _seals: dict[Month, Seal] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)

    @property
    def last(self) -> Month:
        """The last month looked at: what later drops have brought is not known."""
        return self.months[-1]

    def book(self, month: Month) -> Book:
        """The book as it was in force for a month; Stop where it no longer is."""
        if month not in self._books:
            book = open_book(self.book_folder, month)
            sealed = self.seal(month)
            is_same_program = sealed.versions.get("upline") == program_version()
            if is_same_program and sealed.inputs["policy"] != digest_value(book.policy):
                raise Stop(
                    f"{self.book_folder}: the policy in force for {month} is not the one that it "
                    f"was closed with; restore it, so that its figures can be told"
                )
            self._books[month] = book
        return self._books[month]

    def policy(self, month: Month | str) -> Policy:
        """The policy that a month was closed with; Stop as `book`."""
        return self.book(month if isinstance(month, Month) else Month(month)).policy

    def digest(self, path: Path) -> str:
        """The digest of a file, which is read once."""
        if path not in self._digests:
            self._digests[path] = digest_file(path)
        return self._digests[path]

    def seal(self, month: Month) -> Seal:
        """A month's seal."""
        if month not in self._seals:
            self._seals[month] = read_sealed(self.home, month)
        return self._seals[month]

    def rows(self, query: str, **given: Any) -> list[Values]:
        """A query's rows by column; it may name $months, $last and what it is given."""
        known = {"months": [month.text for month in self.months], "last": self.last.text} | given
        found = self.con.execute(query, {name: known[name] for name in named_parameters(query)})
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def hold_still(home: Home, is_alone: bool = False) -> Iterator[None]:
    """Keep the home as it is while it is looked at; Stop when a command is at work on it.

    With `is_alone` nobody else may look either.
    """
    path = home.work / "lock"
    try:
        lock = path.open("rb")
    except OSError:
        yield
        return
    with lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                f"another command is at work on {home.folder}; try again when it is done"
            ) from None
        if journal_of(home).exists():
            raise Stop(f"a reopening of {home.folder} was interrupted; close or reopen again first")
        yield


@contextmanager
def look_at(home: Home, book_folder: Path, month: Month | None) -> Iterator[Looked]:
    """All closed months of a home, or one of them, with what is published.

    Stop when there are none, the month is not closed, the book is not there, or what is published
    is not what is sealed.
    """
    if not book_folder.is_dir():
        raise Stop(f"{book_folder}: there is no such folder; --book names the folder of the book")
    sealed = home.sealed_months()
    if not sealed:
        raise Stop(f"{home.folder}: no month is closed there")
    if month is not None and month not in sealed:
        raise Stop(f"{month} is not closed in {home.folder}; closed are {_told(sealed)}")
    months = tuple(sealed) if month is None else (month,)
    with open_published(home) as con:
        _check_published(con, home, months)
        [(newest,)] = con.execute("select max(drop_month) from drops.members").fetchall()
        yield Looked(con, home, book_folder, months, Month(newest or sealed[-1].text))


def _told(months: list[Month]) -> str:
    return f"{months[0]} to {months[-1]}" if len(months) > 1 else str(months[0])


@contextmanager
def open_published(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse, to be read only; Stop when it cannot be opened."""
    path = home.published_file
    try:
        con = duckdb.connect(str(path), read_only=True, config=dict(SETTINGS))
    except duckdb.Error as error:
        told = "it is missing" if not path.exists() else str(error).splitlines()[0]
        raise Stop(f"{path}: cannot be read: {told}; close again to have it published") from error
    try:
        yield con
    finally:
        con.close()


def _check_published(con: duckdb.DuckDBPyConnection, home: Home, months: tuple[Month, ...]) -> None:
    try:
        held = dict(con.execute("select close_month, seal from book.closes").fetchall())
        con.execute("select 1 from referral.known_centres, inactivity.gone_positions limit 0")
    except duckdb.Error as error:
        raise Stop(
            f"{home.published_file}: another version of the program made it; "
            f"remove it and {home.working_file}, and close again to have both made anew"
        ) from error
    for month in months:
        if held.get(month.text) != digest_file(home.seal(month)):
            raise Stop(
                f"{home.published_file} is not of the seal of {month}; "
                f"close again to have it published"
            )
