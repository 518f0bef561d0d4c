"""The folders of a book: which file holds which table, which policy and mapping are in force."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.book.calendar import Window, read_calendar
from pipelines.book.mapping import Mapping, TableMapping, read_mapping
from pipelines.book.policy import Policy, read_policy
from pipelines.book.toml_reading import nearest
from pipelines.months import FORM, Month, months_between
from pipelines.stop import Stop
from schemas.rows import cells_of
from schemas.tables import TABLES

ENDINGS = (".csv", ".csv.gz", ".parquet")
SETTINGS = ("policy.toml", "mapping.toml")
REQUIRED_TABLES = ("members", "orders")


def table_name(model: type) -> str:
    """The table that a class of `schemas.tables` describes."""
    return str(model.Config.metadata["table"])  # type: ignore[attr-defined]


COLUMNS = {table_name(model): list(cells_of(model)) for model in TABLES}


@dataclass(frozen=True)
class Drop:
    """The exports taken after a month ended: which file holds each table that is there."""

    month: Month
    folder: Path
    files: dict[str, Path]
    mapping: Mapping

    def mapping_of(self, table: str) -> TableMapping:
        """How the vendor calls this table."""
        return self.mapping.get(table, TableMapping(file=table))


@dataclass(frozen=True)
class Book:
    """A company's exported data up to a month: what is in force then, and the drops so far."""

    folder: Path
    policy: Policy
    windows: tuple[Window, ...]
    mapping: Mapping

    def drop(self, month: Month) -> Drop:
        """The month's drop; Stop when it, or a required table, or a file's table is missing."""
        folder = self.folder / month.text
        if not folder.is_dir():
            raise Stop(f"{folder}: the drop of {month} is missing; export it and close again")
        files = _find_files(folder, self.mapping)
        for table in REQUIRED_TABLES:
            if table not in files:
                name = self.mapping.get(table, TableMapping(file=table)).file
                raise Stop(
                    f"{folder}: {name}.csv (or .csv.gz, .parquet) is missing; it is required"
                )
        return Drop(month, folder, files, self.mapping)


def open_book(folder: Path, month: Month) -> Book:
    """The book as it stands for closing `month`.

    A drop's own policy or mapping replaces the whole from that month on; currency, timezone, ranks
    and opening month may not change. Stop says which file is wrong and what to do.
    """
    if not folder.is_dir():
        raise Stop(f"{folder}: there is no such folder; --book names the folder with policy.toml")
    first = policy = read_policy(folder / "policy.toml")
    opening = first.company.opening_month
    for earlier in months_between(opening, month):
        own = folder / earlier.text / "policy.toml"
        if own.is_file():
            policy = read_policy(own)
            _check_unchanged(own, first, policy)
    windows = read_calendar(folder / "calendar.csv")
    return Book(folder, policy, windows, _mapping_in_force(folder, opening, month))


def _check_unchanged(path: Path, first: Policy, policy: Policy) -> None:
    for key in ("currency", "timezone", "ranks", "opening_month"):
        before, after = getattr(first.company, key), getattr(policy.company, key)
        if before != after:
            raise Stop(f"{path}: company.{key}: {after!s} was {before!s} before; it may not change")


def _mapping_in_force(folder: Path, opening: Month, month: Month) -> Mapping:
    places = [folder, *(folder / earlier.text for earlier in months_between(opening, month))]
    mapping: Mapping = {}
    for place in places:
        if (place / "mapping.toml").is_file():
            mapping = read_mapping(place / "mapping.toml", COLUMNS)
    return mapping


def _find_files(folder: Path, mapping: Mapping) -> dict[str, Path]:
    stems = [mapping.get(table, TableMapping(file=table)).file for table in COLUMNS]
    for stem in stems:
        if stems.count(stem) > 1:
            raise Stop(f"{folder}: mapping.toml: {stem!r} is another table's file")
    names = dict(zip(stems, COLUMNS, strict=True))
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SETTINGS:
            continue
        ending = next((ending for ending in ENDINGS if path.name.endswith(ending)), "")
        stem = path.name.removesuffix(ending)
        if not ending or stem not in names or not path.is_file():
            raise Stop(f"{path}: is no table's file, {nearest(stem, list(names))}")
        if names[stem] in files:
            other = files[names[stem]].name
            raise Stop(f"{folder}: {other} and {path.name} both hold {names[stem]}; keep one")
        files[names[stem]] = path
    return files


def list_drops(folder: Path) -> list[Month]:
    """The months that the book has a drop for, in order."""
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [Month(name) for name in names if FORM.fullmatch(name)]
