"""A closed book as files, read by the csv module, and as explained: every order, member and seat.

Belongs here: reading in another way than the program does. What must agree is in test_explain_laws.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.closing.home import Home
from pipelines.proof.closed_home import Looked, look_at
from pipelines.proof.explain import tell_story
from pipelines.proof.story import as_json

Row = dict[str, str]
# Where the sample's names are not ours: one table of two drops is mapped.
TABLE_OF = {"WebLeads": "leads"}


@dataclass
class Files:
    """A book's drops and a home's reports as the csv module reads them."""

    book: Path
    home: Path
    months: list[str]
    reports: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    drops: dict[tuple[str, str], list[list[str]]] = field(default_factory=dict)

    def report(self, month: str, name: str) -> list[Row]:
        """A report's rows; none where it was not written."""
        path = self.home / "reports" / month / f"{name}.csv"
        if (month, name) not in self.reports:
            text = path.read_bytes().decode() if path.exists() else ""
            self.reports[month, name] = list(csv.DictReader(io.StringIO(text, newline="")))
        return self.reports[month, name]

    def records(self, month: str, file: str) -> list[list[str]]:
        """A drop's file, record by record from the header on."""
        if (month, file) not in self.drops:
            data = (self.book / month / file).read_bytes()
            data = gzip.decompress(data) if file.endswith(".gz") else data
            text = io.StringIO(data.decode(), newline="")
            self.drops[month, file] = [record for record in csv.reader(text) if record]
        return self.drops[month, file]

    def rows(self, month: str, table: str) -> list[tuple[str, int, Row]]:
        """A drop's rows of a table, each with its file and line."""
        for path in sorted((self.book / month).iterdir()):
            stem = path.name.split(".")[0]
            if TABLE_OF.get(stem, stem) == table and not path.name.endswith(".toml"):
                header, *records = self.records(month, path.name)
                return [
                    (path.name, line, dict(zip(header, record, strict=True)))
                    for line, record in enumerate(records, 2)
                ]
        return []

    def left_out(self, month: str) -> set[tuple[str, int]]:
        """The files and lines of a drop that were quarantined as a whole."""
        listed = self.report(month, "quality/quarantine")
        return {
            (row["file"], int(row["line"]))
            for row in listed
            if row["table"] != "members" or row["code"] == "duplicate"
        }


@dataclass(frozen=True)
class Case:
    """A closed book, as files and as explained."""

    files: Files
    looked: Looked
    stories: dict[tuple[str, str], dict[str, Any]]


@contextmanager
def explained(book: Path, home: Path) -> Iterator[Case]:
    """Every order, member and seat of a closed book, explained over all months."""
    with look_at(Home(home), book, None) as looked:
        files = Files(book, home, [month.text for month in looked.months])
        ids = {("order", row["order_id"]) for month in files.months for _, _, row in
               files.rows(month, "orders")} & {
            ("order", row["order_id"]) for row in looked.rows("select order_id from drops.orders")
        }  # fmt: skip
        ids |= {("member", row["member_id"]) for month in files.months for _, _, row in
                files.rows(month, "members")}  # fmt: skip
        ids |= {("seat", row["seat_id"]) for month in files.months for row in
                files.report(month, "referral/qualification")}  # fmt: skip
        stories = {(kind, id): as_json(tell_story(looked, kind, id)) for kind, id in sorted(ids)}
        yield Case(files, looked, stories)
