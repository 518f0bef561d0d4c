"""Which file of a drop is whose: a table's, a source's, or nobody's (contracts 1 and 5).

Belongs here: names and patterns alone. What stands in a file, and whether it is one, is not looked
at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.book.mapping import Mapping
from pipelines.book.toml_reading import nearest
from pipelines.stop import Stop

# By the end of a file's name, in any case: the format it is read as.
ENDINGS = {".csv": "csv", ".csv.gz": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
SETTINGS = ("policy.toml", "mapping.toml", "mapping")


@dataclass(frozen=True)
class DropFiles:
    """The files of each table and of each source that is there, by name."""

    tables: dict[str, tuple[Path, ...]]
    sources: dict[str, tuple[Path, ...]]


@dataclass(frozen=True)
class _Owner:
    """Who takes files, by which pattern, and as what, where that is said."""

    name: str
    pattern: str
    format: str | None
    is_source: bool

    @property
    def told(self) -> str:
        return f"sources.{self.name}" if self.is_source else self.name

    def takes(self, file: str) -> bool:
        """Whether a file's name is this owner's, with its suffix or without."""
        names = {file}
        ending = ending_of(file)
        if ending:
            names.add(file[: -len(ending)])
        elif self.format is not None and "." in file:
            names.add(file.rpartition(".")[0])
        parts = [re.escape(part) for part in self.pattern.split("*")]
        return any(re.fullmatch(".*".join(parts), name, re.DOTALL) for name in names)


def ending_of(file: str) -> str:
    """The end of a file's name that says its format; nothing where none does."""
    lower = file.lower()
    return max((ending for ending in ENDINGS if lower.endswith(ending)), key=len, default="")


def format_of(path: Path, told: str | None) -> str:
    """What a file is read as; Stop where neither the mapping nor its suffix says it."""
    ending = ending_of(path.name)
    if told is None and not ending:
        raise Stop(f"{path}: its name does not tell its format: set format in mapping.toml")
    return told or ENDINGS[ending]


def find_files(folder: Path, mapping: Mapping, tables: Iterable[str]) -> DropFiles:
    """Whose each file of a drop is.

    In: the drop's folder, the mapping in force, our tables. Stop names a file that nobody reads or
    that two would, and two files for one table.
    """
    owners = _list_owners(mapping, tables)
    found: dict[tuple[bool, str], list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SETTINGS:
            continue
        takers = [owner for owner in owners if owner.takes(path.name)]
        if not takers:
            raise Stop(_tell_nobodys(path, owners, mapping, list(tables)))
        if len(takers) > 1:
            told = " and ".join(owner.told for owner in takers[:2])
            raise Stop(
                f"{path}: both {told} take this file: narrow one's file in {mapping.path}, or make "
                f"both of one source in SQL"
            )
        found.setdefault((takers[0].is_source, takers[0].name), []).append(path)
    for owner in owners:
        _check_one(folder, owner, found.get((owner.is_source, owner.name), []))
    return DropFiles(
        {name: tuple(paths) for (is_source, name), paths in found.items() if not is_source},
        {name: tuple(paths) for (is_source, name), paths in found.items() if is_source},
    )


def _list_owners(mapping: Mapping, tables: Iterable[str]) -> list[_Owner]:
    owners = [
        _Owner(name, mapping.table(name).file, mapping.table(name).format, False)
        for name in tables
        if name not in mapping.queries
    ]
    return owners + [
        _Owner(name, source.file, source.format, True)
        for name, source in mapping.sources.items()
        if not source.is_lookup
    ]


def _check_one(folder: Path, owner: _Owner, paths: list[Path]) -> None:
    if len(paths) > 1 and "*" not in owner.pattern:
        first, second = paths[0].name, paths[1].name
        raise Stop(f"{folder}: {first} and {second} both hold {owner.told}; keep one")


def _tell_nobodys(path: Path, owners: list[_Owner], mapping: Mapping, tables: list[str]) -> str:
    stem = path.name.removesuffix(ending_of(path.name)) or path.name
    if stem in tables:
        where = mapping.query_path(stem) if stem in mapping.queries else mapping.path
        return f"{path}: is nobody's: {where} makes {stem} of other files; take this one away"
    if any(re.fullmatch(".*".join(map(re.escape, owner.pattern.split("*"))), path.stem)
           for owner in owners):  # fmt: skip
        return f"{path}: its name does not tell its format: set format in {mapping.path}"
    return f"{path}: is no table's file, {nearest(stem, [owner.pattern for owner in owners])}"
