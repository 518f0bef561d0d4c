"""Closed months by their digests: seals, chain, inputs, reports, and months that were superseded.

Belongs here: what can be seen without computing anything. Each witness of a seal is asked: the copy
that the home keeps, the warehouse that was published, the seal after it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pipelines.book.drops import open_book
from pipelines.closing.chain import remembered
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file, digest_inputs, name_differences
from pipelines.closing.reopening import FOLDER, find_superseded, superseded_reports
from pipelines.closing.seal import Seal, read_seal
from pipelines.months import Month
from pipelines.proof.differences import Difference
from pipelines.stop import Stop


def superseded_months(home: Home) -> list[Month]:
    """The months of which there are superseded reports, in order."""
    folder = superseded_reports(home)
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return sorted({Month(told[1]) for name in names if (told := FOLDER.fullmatch(name))})


def seal_path(home: Home, path: Path) -> str:
    """A file of the home by its name in it."""
    return path.relative_to(home.folder).as_posix()


def check_seal(
    home: Home, month: Month, published: Mapping[str, str]
) -> tuple[Seal | None, list[Difference]]:
    """A month's seal, and whether its witnesses know it so.

    In: the digests of the seals that the published warehouse was made with.
    """
    path = home.seal(month)
    name = seal_path(home, path)
    if not path.is_file():
        return None, [Difference("chain_broken", name, f"it is missing, but {month} was closed")]
    try:
        seal = read_seal(path, month)
    except Stop as stop:
        return None, [Difference("seal_changed", name, str(stop))]
    copy = remembered(home, month)
    if copy.is_file() and digest_file(copy) != seal.digest:
        return seal, [Difference("seal_changed", name, f"{seal_path(home, copy)} is another one")]
    if published.get(month.text, seal.digest) != seal.digest:
        told = "the published warehouse was made under another one"
        return seal, [Difference("seal_changed", name, told)]
    return seal, []


def check_link(home: Home, month: Month, seal: Seal, is_opening: bool) -> list[Difference]:
    """Whether a seal names the digest of the one before, and the opening month's names none."""
    before = home.seal(month.previous)
    expected = None
    if not is_opening:
        expected = digest_file(before) if before.is_file() else ""
    if seal.previous == expected:
        return []
    told = (
        "it names a seal before it, and is the first"
        if is_opening
        else f"it does not name the seal of {month.previous} as it is now"
    )
    return [Difference("chain_broken", seal_path(home, home.seal(month)), told)]


def check_inputs(book_folder: Path, month: Month, seal: Seal) -> list[Difference]:
    """What a month was made from, against what its seal says."""
    path = f"{book_folder.name}/{month}"
    try:
        book = open_book(book_folder, month)
        found = digest_inputs(book, month)
    except Stop as stop:
        return [Difference("input_changed", path, str(stop))]
    return [
        Difference("input_changed", path, told) for told in name_differences(seal.inputs, found)
    ]


def check_reports(home: Home, folder: Path, seal: Seal) -> list[Difference]:
    """Every file of a month's reports, against what its seal says."""
    there = {
        os.path.relpath(f"{at}/{name}", folder)
        for at, _, names in os.walk(folder)
        for name in names
    } - {"seal.json"}
    found: list[Difference] = []
    for name in sorted(there | set(seal.reports)):
        path = seal_path(home, folder / name)
        if name not in there:
            found.append(Difference("report_missing", path, "it was sealed and is not there"))
        elif name not in seal.reports:
            found.append(Difference("report_added", path, "it was not sealed"))
        elif _digest(folder / name) != seal.reports[name]:
            found.append(Difference("report_changed", path, "its digest is not the sealed one"))
    return found


def _digest(path: Path) -> str:
    """A file's digest; nothing where it cannot be read or is no regular file."""
    try:
        return digest_file(path)
    except Stop:
        return ""


def check_superseded(home: Home, month: Month, seal: Seal | None) -> list[Difference]:
    """The reports of a month that were superseded, by their digests, and what its seal says."""
    named = seal.supersedes if seal is not None else None
    try:
        kept = find_superseded(home, month)
    except Stop as stop:
        return [Difference("seal_changed", "reports/.superseded", str(stop))]
    found: list[Difference] = []
    for each in kept:
        path = seal_path(home, each.folder / "seal.json")
        try:
            found += check_reports(home, each.folder, read_seal(each.folder / "seal.json", month))
            if named is not None and each is kept[-1] and named != each.told:
                told = f"the seal of {month} says another thing of what it supersedes"
                found.append(Difference("seal_changed", path, told))
        except Stop as stop:
            found.append(Difference("seal_changed", path, str(stop)))
    if named is not None and not kept:
        told = f"the seal of {month} names reports that it supersedes, and there are none"
        found.append(Difference("report_missing", "reports/.superseded", told))
    return found
