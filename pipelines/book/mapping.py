"""A vendor's names for files, columns and values: `mapping.toml` (contract 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.book.toml_reading import Section, nearest, read_toml
from pipelines.stop import Stop

ANY = r"(?s).+"


@dataclass(frozen=True)
class TableMapping:
    """How one table is called by the vendor.

    `columns` leads from the vendor's column names to ours, `values` from our column to the vendor's
    values and ours.
    """

    file: str
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def theirs(self, ours: str) -> str:
        """The vendor's name of one of our columns."""
        return next((name for name, column in self.columns.items() if column == ours), ours)


Mapping = dict[str, TableMapping]


def read_mapping(path: Path, tables: dict[str, list[str]]) -> Mapping:
    """Read and check a mapping file.

    In: the file and our tables with their columns. Out: a mapping for each table that it names.
    Stop names the file and the key that is not one of ours, or two that lead to the same name.
    """
    mapping: Mapping = {}
    for table, content in read_toml(path).items():
        if table not in tables:
            raise Stop(f"{path}: [{table}]: no such table, {nearest(table, list(tables))}")
        mapping[table] = _read_table(Section(path, table, content), tables[table])
    files = [table.file for table in mapping.values()]
    for name in files:
        if files.count(name) > 1:
            raise Stop(f"{path}: two tables take the file {name!r}")
    return mapping


def _read_table(section: Section, columns: list[str]) -> TableMapping:
    file = section.text("file", section.name, r"[^/\\]+", "a file's name without its ending")
    names = section.section("columns")
    renamed: dict[str, str] = {}
    for ours, theirs in (names.rest() if names else {}).items():
        _check_column(section, ours, columns)
        if not isinstance(theirs, str) or not theirs or theirs in renamed:
            raise section.refuse(f"columns.{ours}", theirs, "a column name that is used once")
        renamed[theirs] = ours
    values = section.section("values")
    translated: dict[str, dict[str, str]] = {}
    for ours, pairs in (values.rest() if values else {}).items():
        _check_column(section, ours, columns)
        pair_section = Section(section.path, f"{section.name}.values.{ours}", pairs)
        translated[ours] = {
            theirs: pair_section.text(theirs, None, ANY, "one of our values") for theirs in pairs
        }
    section.finish()
    return TableMapping(file, renamed, translated)


def _check_column(section: Section, name: str, columns: list[str]) -> None:
    if name not in columns:
        raise Stop(
            f"{section.path}: {section.name}: no such column {name!r}, {nearest(name, columns)}"
        )
