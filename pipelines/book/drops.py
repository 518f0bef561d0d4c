"""The folders of a book: which file holds which table, which policy and mapping are in force."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.book.calendar import Window, read_calendar
from pipelines.book.drop_files import find_files
from pipelines.book.mapping import Mapping, TableMapping
from pipelines.book.mapping_reading import is_mapping, read_mapping
from pipelines.book.policy import Policy, read_policy
from pipelines.book.regular_files import name_irregular
from pipelines.book.signers import Signers, read_signers
from pipelines.months import FORM, Month, months_between
from pipelines.stop import Stop
from schemas.table import Table, cells_of, told_of
from schemas.tables import TABLES

REQUIRED_TABLES = ("members", "orders")


def table_name(model: type[Table]) -> str:
    """The table that a class of `schemas.tables` describes."""
    return str(told_of(model)["table"])


CELLS = {table_name(model): cells_of(model) for model in TABLES}
COLUMNS = {table: list(cells) for table, cells in CELLS.items()}


@dataclass(frozen=True)
class Drop:
    """The exports taken after a month ended: which files hold each table and source there is.

    `shelf` keeps what has been read of sources, so that several queries read them once.
    """

    month: Month
    folder: Path
    files: dict[str, tuple[Path, ...]]
    sources: dict[str, tuple[Path, ...]]
    mapping: Mapping
    shelf: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def mapping_of(self, table: str) -> TableMapping:
        """How the vendor calls this table."""
        return self.mapping.table(table)


@dataclass(frozen=True)
class Book:
    """A company's exported data up to a month: what is in force then, and the drops so far.

    `signers` is the file beside the policy in force that says whose signatures count.
    """

    folder: Path
    policy: Policy
    windows: tuple[Window, ...]
    mapping: Mapping
    signers: Path | None = None

    def read_signers(self) -> Signers | None:
        """Whose signatures count; None where the policy asks for none; Stop as `read_signers`."""
        sign_off, path = self.policy.sign_off, self.signers
        if sign_off is None or path is None:
            return None
        return read_signers(path, sign_off.signatures)

    def drop_folder(self, month: Month) -> Path:
        """The folder of the month's drop; Stop when it is not there."""
        folder = self.folder / month.text
        _check_folder(folder, f"the drop of {month} is missing; export it and close again")
        return folder

    def drop(self, month: Month) -> Drop:
        """The month's drop; Stop when it, or a required table, or a file's table is missing."""
        folder = self.drop_folder(month)
        files = find_files(folder, self.mapping, COLUMNS, self.signers)
        missing = [
            self.mapping.table(table).file
            for table in REQUIRED_TABLES
            if table not in files.tables and table not in self.mapping.queries
        ]
        if missing:
            names = " and ".join(f"{name}.csv (or .csv.gz, .parquet, .xlsx)" for name in missing)
            how = "is missing; it is" if len(missing) == 1 else "are missing; they are"
            raise Stop(f"{folder}: {names} {how} required")
        return Drop(month, folder, files.tables, files.sources, self.mapping)


def open_book(folder: Path, month: Month) -> Book:
    """The book as it stands for closing `month`.

    A drop's own policy or mapping replaces the whole from that month on; currency, timezone, ranks
    and opening month may not change. Stop says which file is wrong and what to do.
    """
    [book] = open_books(folder, [month])
    return book


def open_books(folder: Path, months: Sequence[Month]) -> Iterator[Book]:
    """The book as it stands for closing each of some months, which rise; Stop as `open_book`.

    Policies, mappings and the calendar are read once, however many months there are.
    """
    _check_folder(folder, "there is no such folder; --book names the folder with policy.toml")
    first = policy = read_policy(folder / "policy.toml")
    place, opening = folder, first.company.opening_month
    windows: tuple[Window, ...] | None = None
    mapping = Mapping(path=folder / "mapping.toml", folder=folder / "mapping")
    last = opening.previous
    for month in months:
        own_places = [folder / each.text for each in months_between(last.next, month)]
        last = max(last, month)
        for own in own_places:
            path = own / "policy.toml"
            # A link that leads nowhere is somebody's policy too: it is told, and not passed over.
            if path.exists() or path.is_symlink():
                policy, place = read_policy(path), own
                check_unchanged(path, first, policy)
        if windows is None:
            windows = read_calendar(folder / "calendar.csv")
            own_places = [folder, *own_places]
        for own in own_places:
            if is_mapping(own):
                mapping = read_mapping(own, CELLS, policy.company.ranks)
        signers = place / policy.sign_off.signers if policy.sign_off else None
        yield Book(folder, policy, windows, mapping, signers)


def _check_folder(folder: Path, missing: str) -> None:
    try:
        if stat.S_ISDIR(folder.stat().st_mode):
            return
        raise Stop(f"{folder}: is no folder; a folder must stand there")
    except FileNotFoundError as error:
        wrong = name_irregular(folder)
        raise Stop(f"{folder}: {f'{wrong}; ' if wrong else ''}{missing}") from error
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise Stop(f"{folder}: cannot be read: {told}") from error


def check_unchanged(path: Path, first: Policy, policy: Policy) -> None:
    """Stop when a later policy, read from `path`, changes what no policy may change."""
    for key in ("currency", "timezone", "ranks", "opening_month"):
        before, after = getattr(first.company, key), getattr(policy.company, key)
        if before != after:
            raise Stop(f"{path}: company.{key}: {after!s} was {before!s} before; it may not change")


def list_drops(folder: Path) -> list[Month]:
    """The months that the book has a drop for, in order."""
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [Month(name) for name in names if FORM.fullmatch(name)]
