"""A month's inputs: their digests, and that what was read is what was digested.

Belongs here: what is digested of a drop and a book, how a file is known again, how two digests of
inputs are compared. What a seal holds besides is in `seal`.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.book.drops import Book
from pipelines.book.mapping import Mapping as TableMappings
from pipelines.months import Month
from pipelines.stop import Stop

PIECE = 1 << 20
# So many files are digested at once: hashing keeps one core busy.
AT_ONCE = 2
# The parts of a month's inputs that are one digest each, in words.
PARTS = {
    "policy": "the policy in force",
    "mapping": "the mapping in force",
    "calendar": "a calendar row up to that month",
    "signers": "the file of allowed signers",
}
# The parts that are files, each with a digest of its own, and where they are named from.
FILES = {"drop": "", "mapping_files": "mapping/"}
Identity = tuple[int, ...]


@dataclass(frozen=True)
class SeenDrop:
    """A drop as it stood when its close began: its folder's identity and that of each file.

    `lookups` are the files beside the mapping in force that its queries read.
    """

    folder: Path
    itself: Identity
    files: Mapping[str, Identity]
    lookups: Mapping[Path, Identity] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes of all of its files."""
        return sum(size for _, _, size, *_ in self.files.values())


def identify(path: Path | int) -> Identity:
    """What tells a file or folder from any other and from itself once it was touched.

    Its time of change cannot be set back, and moving it away and back is a change.
    """
    status = os.stat(path)  # noqa: PTH116 - of an open file too
    return (
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns,
    )  # fmt: skip


def see_drop(folder: Path) -> SeenDrop:
    """Look at a drop before anything of it is read; Stop when it is not there."""
    try:
        return SeenDrop(
            folder, identify(folder), {path.name: identify(path) for path in list_files(folder)}
        )
    except OSError as error:
        raise Stop(f"{error.filename or folder}: cannot be read: {error.strerror}") from error


def see_lookups(seen: SeenDrop, mapping: TableMappings) -> SeenDrop:
    """Look at a mapping's look-up files too, before any of them is read; Stop as `see_drop`."""
    return replace(seen, lookups=_identify_all(lookup_files(mapping)))


def _identify_all(paths: Iterable[Path]) -> dict[Path, Identity]:
    found = {}
    for path in paths:
        try:
            found[path] = identify(path)
        except OSError as error:
            raise Stop(f"{path}: cannot be read: {error.strerror}") from error
    return found


def check_seen(seen: SeenDrop) -> None:
    """Stop when a drop or look-up is not as it was seen: what is hashed must be what was read."""
    found = see_drop(seen.folder)
    for path, identity in _identify_all(seen.lookups).items():
        if identity != seen.lookups[path]:
            raise Stop(f"{path} was changed during the close; leave it alone and close again")
    names = sorted(set(seen.files) | set(found.files))
    told = [name for name in names if seen.files.get(name) != found.files.get(name)]
    if told or seen.itself != found.itself:
        raise Stop(
            f"{seen.folder} was changed during the close: {', '.join(told) or 'its folder'}; "
            f"leave it alone and close again"
        )


def list_files(folder: Path) -> list[Path]:
    """The files of a drop that are sealed: all but hidden ones."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")


def digest_file(path: Path | str) -> str:
    """The SHA-256 of a file's bytes, which must not change meanwhile.

    Stop when it cannot be read, is no regular file or is written to.
    """
    digest = hashlib.sha256()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with open(handle, "rb", buffering=0) as source:  # noqa: PTH123 - of a file that is open
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Stop(f"{path}: is no regular file; put the exported file in its place")
            before = identify(handle)
            while piece := source.read(PIECE):
                digest.update(piece)
            after = identify(handle)
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror}") from error
    if before != after:
        raise Stop(f"{path} was changed while it was read; leave it alone and close again")
    return digest.hexdigest()


def digest_files(paths: Sequence[Path]) -> dict[str, str]:
    """The digest of each file by its name, in the order given, some at once; Stop as `digest_file`
    for the first of them that has one."""
    found = _digest_at_once(paths)
    return {path.name: _digest_or_stop(found[path]) for path in paths}


def _digest_at_once(paths: Sequence[Path]) -> dict[Path, str | Stop]:
    """Each file's digest, or why it has none."""
    found: dict[Path, str | Stop] = {}
    left = iter(paths)

    def digest_what_is_left() -> None:
        for path in left:
            try:
                found[path] = digest_file(path)
            except Stop as stop:
                found[path] = stop

    at_once = min(AT_ONCE, len(paths))
    with ThreadPoolExecutor(max(1, at_once)) as threads:
        for ended in [threads.submit(digest_what_is_left) for _ in range(at_once)]:
            ended.result()
    return found


def _digest_or_stop(found: str | Stop) -> str:
    if isinstance(found, Stop):
        raise found
    return found


def digest_value(value: Any) -> str:
    """The SHA-256 of a parsed value, written in one way only."""
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def digest_inputs(book: Book, month: Month) -> dict[str, Any]:
    """The digests of all that a month is made from; Stop where its drop cannot be read.

    Every file of the drop, the policy and mapping in force as parsed, and the calendar's rows up to
    the month, so that next year's rows or a later policy change nothing that is closed. A part that
    some books only have is left out where it is not there: see PARTS and FILES.
    """
    [found] = digest_each([(month, book)])
    return found


def digest_each(months: Sequence[tuple[Month, Book]]) -> Iterator[dict[str, Any]]:
    """What `digest_inputs` gives of each of some months and its book, in their order.

    The files of all drops are read at first, and a policy and mapping in force in months that
    follow each other are digested once.
    """
    drops = [list_files(book.drop_folder(month)) for month, book in months]
    files = _digest_at_once([path for drop in drops for path in drop])
    before: Book | None = None
    policy = mapping = ""
    for (month, book), drop in zip(months, drops, strict=True):
        if before is None or book.policy is not before.policy:
            policy = digest_value(book.policy)
        if before is None or book.mapping is not before.mapping:
            mapping = digest_value(book.mapping.parsed)
        before = book
        yield (
            {
                "drop": {path.name: _digest_or_stop(files[path]) for path in drop},
                "policy": policy,
                "mapping": mapping,
                "calendar": digest_value([each for each in book.windows if each.month <= month]),
            }
            | digest_mapping_files(book.mapping)
            | _digest_signers(book)
        )


def _digest_signers(book: Book) -> dict[str, str]:
    signers = book.read_signers()
    return {} if signers is None else {"signers": signers.digest}


def lookup_files(mapping: TableMappings) -> list[Path]:
    """The look-up files of a mapping, by name."""
    names = {source.file for source in mapping.sources.values() if source.is_lookup}
    return [mapping.folder / name for name in sorted(names)]


def digest_mapping_files(mapping: TableMappings) -> dict[str, Any]:
    """The digests of a mapping's queries and look-up files, by name; nothing where it has none."""
    told = {f"{table}.sql": digest_value(text) for table, text in mapping.queries.items()}
    told |= digest_files(lookup_files(mapping))
    return {"mapping_files": told} if told else {}


def name_differences(sealed: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What differs between two digests of inputs, each with its name."""
    told = []
    for part, of in FILES.items():
        before, after = sealed.get(part, {}), found.get(part, {})
        told += [
            f"{of}{name} {_how(before.get(name), after.get(name))}"
            for name in sorted(set(before) | set(after))
            if before.get(name) != after.get(name)
        ]
    known = {*FILES, *PARTS}
    others = {part: f"the part {part!r}" for part in {*sealed, *found} - known}
    for part, name in (PARTS | others).items():
        if sealed.get(part) != found.get(part):
            told.append(f"{name} {_how(sealed.get(part), found.get(part))}")
    return told


def _how(before: Any, after: Any) -> str:
    return "is new" if before is None else "is missing" if after is None else "has changed"
