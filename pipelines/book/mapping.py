"""What a mapping says, as values: how a vendor's files are read and brought into ours (contract 5).

Belongs here: the shapes. How `mapping.toml` and the folder `mapping/` are read and checked is in
`mapping_reading`, which file is whose in `drop_files`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.book.file_form import PLAIN, FileForm


@dataclass(frozen=True)
class TableMapping:
    """How one table is called by the vendor, and what its cells look like.

    `columns` leads from our column to the vendor's, `constants` from our column to the cell of
    every row, `values` from our column to the vendor's cells and ours ("" an empty one, "*" any
    other), `formats` from our date and time columns to a format. `decimal` is None where numbers
    are in contract 1's form.
    """

    file: str
    format: str | None = None
    form: FileForm = PLAIN
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    decimal: str | None = None
    thousands: str = ""
    time_zone: str | None = None
    is_mapped: bool = False

    def theirs(self, ours: str) -> str:
        """The vendor's name of one of our columns."""
        return self.columns.get(ours, ours)


@dataclass(frozen=True)
class SourceMapping:
    """A file that only SQL reads; a look-up lies in the mapping's folder and not in the drop."""

    file: str
    format: str | None = None
    form: FileForm = PLAIN
    time_zone: str | None = None
    is_lookup: bool = False


@dataclass(frozen=True)
class Mapping:
    """A whole mapping: tables and sources by name, the SQL of tables that a query makes.

    `path` is the file that says it, `folder` the one beside it with queries and look-ups; they are
    no part of what is sealed.
    """

    tables: dict[str, TableMapping] = field(default_factory=dict)
    sources: dict[str, SourceMapping] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    path: Path = Path("mapping.toml")
    folder: Path = Path("mapping")

    def table(self, name: str) -> TableMapping:
        """How a table is read; as contract 1 says where the mapping does not name it."""
        return self.tables.get(name, TableMapping(name))

    def query_path(self, table: str) -> Path:
        """The file that a table's SQL stands in."""
        return self.folder / f"{table}.sql"

    @property
    def parsed(self) -> dict[str, Any]:
        """What the seal holds of `mapping.toml`: its meaning, no path and no comment."""
        parts = {"tables": self.tables, "sources": self.sources}
        return {name: part for name, part in parts.items() if part}
