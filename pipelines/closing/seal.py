"""The seal of a closed month: digests of what it was made from and of what it says.

Belongs here: what is digested and how two seals are compared. No date, no machine and no path goes
in: the same inputs give the same seal.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.book.drops import Book, Drop
from pipelines.book.mapping import Mapping as TableMappings
from pipelines.months import Month

# What the figures and the pages depend on, besides the program itself.
DEPENDENCIES = (
    "duckdb", "pyarrow", "holidays", "tzdata", "jinja2", "babel", "xlsxwriter",
    "openpyxl",
)  # fmt: skip
PIECE = 1 << 20
Digest = Callable[[Path], str]


def digest_file(path: Path | str) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as source:  # noqa: PTH123 - of a hundred thousand files
        while piece := source.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def digest_value(value: Any) -> str:
    """The SHA-256 of a parsed value, written in one way only."""
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def digest_inputs(book: Book, drop: Drop, digest: Digest = digest_file) -> dict[str, Any]:
    """The digests of all that a month is made from.

    Every file of the drop, the policy and mapping in force as parsed, and the calendar's rows up to
    the month, so that next year's rows or a later policy change nothing that is closed.
    """
    names = sorted(path for path in drop.folder.iterdir() if path.is_file() and path.name[0] != ".")
    windows = [window for window in book.windows if window.month <= drop.month]
    return {
        "drop": {path.name: digest(path) for path in names},
        "policy": digest_value(book.policy),
        "mapping": digest_value(book.mapping.parsed),
        "calendar": digest_value(windows),
    } | digest_mapping_files(book.mapping, digest)


def digest_mapping_files(mapping: TableMappings, digest: Digest) -> dict[str, Any]:
    """The digests of a mapping's queries and look-up files, by name; nothing where it has none."""
    lookups = {source.file for source in mapping.sources.values() if source.is_lookup}
    told = {f"{table}.sql": digest_value(text) for table, text in mapping.queries.items()}
    told |= {name: digest(mapping.folder / name) for name in sorted(lookups)}
    return {"mapping_files": told} if told else {}


def digest_reports(folder: Path, written: Mapping[str, str]) -> dict[str, str]:
    """The digest of every report file that is there, the seal itself apart.

    In: the digests of files that were taken as they were written, which are not read again.
    """
    names = [f"{at}/{name}" for at, _, names in os.walk(folder) for name in names]
    paths = [path.removeprefix(f"{folder}/") for path in names]
    return {
        path: written.get(path) or digest_file(folder / path)
        for path in paths
        if path != "seal.json"
    }


def make_seal(
    month: Month, inputs: dict[str, Any], reports: dict[str, str], previous: str | None
) -> str:
    """The text of seal.json.

    In: the month, the digests of its inputs and reports, and that of the seal of the month before
    (None for the opening month).
    """
    seal = {
        "month": month.text,
        "previous_seal": previous,
        "inputs": inputs,
        "reports": reports,
        "versions": {"upline": version("upline")} | {name: version(name) for name in DEPENDENCIES},
    }
    return json.dumps(seal, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def name_differences(sealed: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs between two digests of inputs, each with its name."""
    told = []
    for name in sorted(set(sealed["drop"]) | set(found["drop"])):
        before, after = sealed["drop"].get(name), found["drop"].get(name)
        if before != after:
            how = "is new" if before is None else "is missing" if after is None else "has changed"
            told.append(f"{name} {how}")
    files = [each.get("mapping_files", {}) for each in (sealed, found)]
    for name in sorted(set(files[0]) | set(files[1])):
        if files[0].get(name) != files[1].get(name):
            told.append(f"mapping/{name} has changed")
    for part, name in (
        ("policy", "the policy in force"),
        ("mapping", "the mapping in force"),
        ("calendar", "a calendar row up to that month"),
    ):
        if sealed[part] != found[part]:
            told.append(f"{name} has changed")
    return told


class KnownDigests:
    """Digests of files seen before, so that a close need not read years of drops again.

    A file counts as the same while its size and time of change, which no command sets back, are;
    the seals, not this, are the proof. State: one small JSON file in the home's work folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._known: dict[str, list[Any]] = json.loads(path.read_text())
        except (OSError, ValueError):
            self._known = {}

    def digest(self, path: Path) -> str:
        """The SHA-256 of a file, read again only if it may have changed."""
        status = path.stat()
        mark = [status.st_size, status.st_ctime_ns, status.st_ino]
        known = self._known.get(str(path.resolve()))
        if known is not None and known[:3] == mark:
            return str(known[3])
        found = digest_file(path)
        self._known[str(path.resolve())] = [*mark, found]
        return found

    def save(self) -> None:
        """Remember for the next close."""
        self._path.write_text(json.dumps(self._known, indent=0, sort_keys=True))
