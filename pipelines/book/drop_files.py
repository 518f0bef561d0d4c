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
from pipelines.book.regular_files import name_irregular
from pipelines.book.stray_files import Names, StrayFiles
from pipelines.stop import Stop

# By the end of a file's name, in any case: the format it is read as.
ENDINGS = {".csv": "csv", ".csv.gz": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
# Files of text, whose delimiter only the mapping can tell.
TEXTS = (".txt", ".tsv", ".tab", ".dat", ".asc")
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
        """The section's name in the mapping."""
        return f"sources.{self.name}" if self.is_source else self.name

    def takes(self, file: str) -> bool:
        """Whether a file's name is this owner's, with its suffix or without."""
        names = {file}
        ending = ending_of(file)
        if ending:
            names.add(file[: -len(ending)])
        elif self.format is not None and "." in file:
            names.add(file.rpartition(".")[0])
        return any(map(self.matches, names))

    def matches(self, name: str) -> bool:
        """Whether the pattern is a name's, which it has to be as a whole."""
        if "*" not in self.pattern:  # each closed month's files are asked for at every close
            return name == self.pattern
        parts = [re.escape(part) for part in self.pattern.split("*")]
        return re.fullmatch(".*".join(parts), name, re.DOTALL) is not None


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


def find_files(
    folder: Path, mapping: Mapping, tables: Iterable[str], signers: Path | None = None
) -> DropFiles:
    """Whose each file of a drop is.

    In: the drop's folder, the mapping in force, our tables, and the file beside the policy in force
    that says whose signatures count: it lies in a drop where the policy does. Stop names a file
    that nobody reads or that two would, and two files for one table.
    """
    owners = _list_owners(mapping, tables)
    paths = list_files(folder)
    if signers in paths:
        paths.remove(_check_signers(signers, owners))
    takers = {path: [owner for owner in owners if owner.takes(path.name)] for path in paths}
    for path, both in takers.items():
        if len(both) > 1:
            raise Stop(
                f"{path}: both {both[0].told} and {both[1].told} take this file: narrow one's file "
                f"in {mapping.path}, or make both of one source in SQL"
            )
    found: dict[tuple[bool, str], list[Path]] = {}
    strays = [path for path, one in takers.items() if not one]
    if strays:
        raise _refuse(folder, strays, takers, mapping, list(tables))
    for path, one in takers.items():
        if (wrong := name_irregular(path)) is not None:
            raise Stop(f"{path}: {wrong}; export the file again")
        found.setdefault((one[0].is_source, one[0].name), []).append(path)
    for owner in owners:
        _check_one(folder, owner, found.get((owner.is_source, owner.name), []))
    return DropFiles(
        {name: tuple(paths) for (is_source, name), paths in found.items() if not is_source},
        {name: tuple(paths) for (is_source, name), paths in found.items() if is_source},
    )


def find_owner(file: str, mapping: Mapping, tables: Iterable[str]) -> str | None:
    """The name of the table or source whose a file is by its name; None where it is nobody's."""
    return next((one.name for one in _list_owners(mapping, tables) if one.takes(file)), None)


def list_files(folder: Path) -> list[Path]:
    """A drop's files by name, without hidden ones and settings; Stop if it cannot be read."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise Stop(f"{folder}: cannot be read: {error.strerror}") from error
    return [path for path in paths
            if not path.name.startswith(".") and path.name not in SETTINGS]  # fmt: skip


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


def _check_signers(path: Path, owners: list[_Owner]) -> Path:
    """The file of signers; Stop where a table or source takes it."""
    taker = next((owner for owner in owners if owner.takes(path.name)), None)
    if taker is not None:
        raise Stop(
            f"{path}: sign_off.signers of the policy beside it names this file, and {taker.told} "
            f"takes it: give the file of signers another name"
        )
    return path


def _check_one(folder: Path, owner: _Owner, paths: list[Path]) -> None:
    if len(paths) > 1 and "*" not in owner.pattern:
        first, second = paths[0].name, paths[1].name
        raise Stop(f"{folder}: {first} and {second} both hold {owner.told}; keep one")


def _refuse(
    folder: Path,
    strays: list[Path],
    takers: dict[Path, list[_Owner]],
    mapping: Mapping,
    tables: list[str],
) -> Stop:
    owners = _list_owners(mapping, tables)
    first = strays[0]
    if first.suffix.lower() in TEXTS and any(
        owner.matches(first.name) or owner.matches(first.stem) for owner in owners
    ):
        return Stop(
            f"{first}: its name does not tell its format: name it .csv if it is CSV, "
            f"or set format in {mapping.path}"
        )
    taken = {one[0].pattern: path.name for path, one in takers.items() if one}
    patterns = [owner.pattern for owner in owners]
    moved = {
        table: str(mapping.query_path(table) if table in mapping.queries else mapping.path)
        for table in tables
        if table not in patterns
    }
    free = [pattern for pattern in patterns if pattern not in taken]
    return StrayFiles(folder, strays, Names(free, taken, moved), {})
