"""What is measured: a book of one size and variant, with its history closed, made once and kept.

Belongs here: where the files of a subject lie, making its book and its closed history, and a fresh
copy of that home for each run. Does not: what is run on it.

<work>/M-tree/book/     the book: a drop that holds 35 months, and the drop of one ordinary month
<work>/M-tree/history/  the home in which the first drop is closed; no command runs on it again
<work>/M-tree/now/      a copy of it, on which the month is closed
<work>/M-tree/reports/  the month's reports of the last plain close, which peers are compared with
<work>/M-tree/made.json what the book and the home were made by
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import PROJECT, module, run

HISTORY, MONTH = "2023-11", "2023-12"
SIZES = {"S": 100_000, "M": 1_000_000, "L": 10_000_000}
# What a member takes on the disk: 2 KB of the book, the rest of the home and one run's copy of it.
# Each further run with packs sets aside 1.3 KB a member until the last has ended.
BYTES_PER_MEMBER = 7_000


@dataclass(frozen=True)
class Subject:
    """A book of a size and variant, and everything that is made of it."""

    size: str
    variant: str
    work: Path

    @property
    def members(self) -> int:
        """How many members the book has."""
        return SIZES.get(self.size) or int(self.size)

    @property
    def folder(self) -> Path:
        """Where all of the subject lies."""
        return self.work.absolute() / f"{self.size}-{self.variant}"

    @property
    def book(self) -> Path:
        """The book."""
        return self.folder / "book"

    @property
    def history(self) -> Path:
        """The home with the months before."""
        return self.folder / "history"

    @property
    def now(self) -> Path:
        """The home of the run that is measured."""
        return self.folder / "now"

    @property
    def reports(self) -> Path:
        """The month's reports as the last plain close wrote them."""
        return self.folder / "reports"

    def made(self) -> dict[str, Any]:
        """What the parts were made by, and how long it took."""
        path = self.folder / "made.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def note(self, part: str, by: str, seconds: float) -> None:
        """Note by which state of the programs a part was made."""
        noted = self.made() | {part: {"by": by, "seconds": round(seconds, 1)}}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "made.json").write_text(json.dumps(noted, indent=1) + "\n")


def digest_of(paths: Iterable[Path]) -> str:
    """Twelve digits that stand for the bytes of files."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def generator_digest() -> str:
    """Stands for the state of the generator."""
    folder = PROJECT / "benchmarks"
    return digest_of([folder / "books.py", *(folder / "synthesis").glob("*.py")])


def program_digest() -> str:
    """Stands for the state of Upline: its code, rules and templates."""
    kinds = {"pipelines": "*.py", "schemas": "*.py", "sql": "*.sql", "reports": "*.*"}
    return digest_of(path for name, kind in kinds.items() for path in (PROJECT / name).rglob(kind))


def prepare(subject: Subject, upline: str, is_fresh: bool, say: Callable[[str], None]) -> None:
    """Make the book and close its history where that is not done; none of this is measured.

    A book of another state of the generator is made again. A history that another state of Upline
    has closed is used, and named in the results, unless `is_fresh`: it takes half an hour at L.
    """
    made = subject.made()
    if is_fresh or made.get("book", {}).get("by") != generator_digest():
        shutil.rmtree(subject.folder, ignore_errors=True)
        subject.work.mkdir(parents=True, exist_ok=True)
        free, needed = shutil.disk_usage(subject.work).free, subject.members * BYTES_PER_MEMBER
        if free < needed:
            say(f"{subject.size} may need {needed / 1e9:.0f} GB, {free / 1e9:.0f} GB are free")
        say(f"{subject.size} {subject.variant}  making the book")
        found = run(module("books", "--size", subject.size, "--history-months", "35",
                           "--variant", subject.variant, "--to", subject.book))  # fmt: skip
        subject.note("book", generator_digest(), found.seconds)
        made = subject.made()
    if "history" not in made:
        say(f"{subject.size} {subject.variant}  closing the 35 months before")
        shutil.rmtree(subject.history, ignore_errors=True)
        found = run([upline, "close", HISTORY, "--book", subject.book, "--home", subject.history])
        slim(subject)
        subject.note("history", program_digest(), found.seconds)


def slim(subject: Subject) -> None:
    """Take out what a close of the next month never opens, and a large book's disk has no room for.

    That is the packs of the months before, and the published copy of the working file.
    """
    for packs in subject.history.glob("reports/*/leaders"):
        set_aside(subject, packs)
    for packs in subject.history.glob("reports/*/leaders.zip"):
        packs.unlink()
    (subject.history / "warehouse.duckdb").unlink()


def set_aside(subject: Subject, folder: Path) -> None:
    """Take a folder away without deleting its many small files, until `clear`.

    Where thousands of files were deleted in the last minutes, ext4 looks long for a free inode: a
    run would pay for what the one before it left behind.
    """
    for file in folder.rglob("*.duckdb"):
        file.unlink()
    spent = subject.folder / "spent"
    spent.mkdir(exist_ok=True)
    folder.rename(spent / str(sum(1 for _ in spent.iterdir())))


def keep_reports(subject: Subject) -> None:
    """Put the reports of a run in the place of those before."""
    if subject.reports.exists():
        set_aside(subject, subject.reports)
    (subject.now / "reports" / MONTH).rename(subject.reports)
    set_aside(subject, subject.now)


def clear(subject: Subject) -> None:
    """Delete what was set aside."""
    shutil.rmtree(subject.folder / "spent", ignore_errors=True)


def copy_home(home: Path, copy: Path) -> None:
    """A fresh copy of a home, whose closed months are hard links: nothing ever writes to them."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home / "work", copy / "work")
    # Nobody writes into a published copy: the next one takes its place.
    os.link(home / "work" / "warehouse.duckdb", copy / "warehouse.duckdb")
    for source in (home / "reports").iterdir():
        target = copy / "reports" / source.name
        if source.is_dir():
            shutil.copytree(source, target, copy_function=os.link)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    # What is measured must not wait for the disk to take in the copy.
    os.sync()
