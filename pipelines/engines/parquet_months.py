"""The months of a warehouse folder: what was in force when each closed, and what may be swept.

Belongs here: whose a folder is, manifests, and the directories that nobody names any more. Where a
table's rows lie is `parquet_tables`'.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engines.duck import open_file
from pipelines.engines.parquet_tables import CATALOGUE, ParquetTables, has_catalogue
from pipelines.months import FORM
from pipelines.stop import Stop

MARKER = ".upline-warehouse"
MONTHS = "months"
TABLE = re.compile(r"[a-z_]+\.[a-z_]+")
# Published copies are of the last closed month or, while one closes, of the one before.
KEPT_MANIFESTS = 2


def claim_warehouse(warehouse: Path, home: Path) -> None:
    """Make a folder a home's warehouse; Stop when it is not empty, or another home's."""
    marker = warehouse / MARKER
    if not marker.is_file():
        if warehouse.exists() and (not warehouse.is_dir() or any(warehouse.iterdir())):
            raise Stop(f"--warehouse {warehouse}: is not empty and no warehouse of ours; "
                       f"name an empty or new folder")  # fmt: skip
        warehouse.mkdir(parents=True, exist_ok=True)
        marker.write_text(f"{home}\n")
    owner = marker.read_text().strip()
    if owner != str(home):
        raise Stop(f"--warehouse {warehouse}: belongs to the home {owner}; name another folder, or "
                   f"if that home was moved here, write {home} into {marker}")  # fmt: skip


def is_whole(tables: ParquetTables, month: str, seal: str) -> bool:
    """Whether a month was committed under its seal, and everything is where it was."""
    named = tables.con.execute(f"select directory from {CATALOGUE}").fetchall()
    return (
        read_manifest(tables.warehouse, month).get("seal") == seal
        and all(Path(each).is_dir() for (each,) in named)
        and all(Path(each).is_relative_to(tables.warehouse) for (each,) in named)
    )


def commit_month(tables: ParquetTables, month: str, seal: str) -> None:
    """Write a month's manifest, when all that it names is on the disk."""
    found = tables.con.execute(
        f'select "table", close_month, directory, rows from {CATALOGUE} order by all'
    ).fetchall()
    told: dict[str, Any] = {}
    for table, of_month, directory, rows in found:
        each = told.setdefault(table, {"columns": tables.columns(table), "directories": []})
        if of_month == month:
            _sync_all(Path(directory))
        place = Path(directory).relative_to(tables.warehouse).as_posix()
        each["directories"].append({"directory": place, "month": of_month, "rows": rows})
    manifest = {"month": month, "seal": seal, "tables": told}
    folder = tables.warehouse / MONTHS
    folder.mkdir(exist_ok=True)
    _write_whole(folder / f"{month}.json", json.dumps(manifest, indent=1).encode())


def sweep(warehouse: Path, working_file: Path, closed: str | None) -> None:
    """Remove the directories that neither the working file nor one of the last manifests names.

    In: the month that was just closed, where one was: manifests of later months were of another
    state. A working file that cannot be read names nothing: it is made again.
    """
    for path in manifests(warehouse):
        if closed is not None and path.stem > closed:
            path.unlink()
    named = _named_by(working_file)
    for path in manifests(warehouse)[-KEPT_MANIFESTS:]:
        named |= named_in(warehouse, read_manifest(warehouse, path.stem))
    for directory in _written_directories(warehouse):
        if str(directory) not in named:
            shutil.rmtree(directory, ignore_errors=True)


def _named_by(working_file: Path) -> set[str]:
    if not working_file.exists():
        return set()
    try:
        with open_file(working_file) as con:
            if not has_catalogue(con):
                return set()
            return {
                each for (each,) in con.execute(f"select directory from {CATALOGUE}").fetchall()
            }
    except (duckdb.Error, OSError):
        return set()


def manifests(warehouse: Path) -> list[Path]:
    """The manifests of a warehouse, in the order of their months."""
    found = (warehouse / MONTHS).glob("*.json")
    return sorted(path for path in found if FORM.fullmatch(path.stem))


def read_manifest(warehouse: Path, month: str) -> dict[str, Any]:
    """A month's manifest; empty where there is none that can be read."""
    try:
        told = json.loads((warehouse / MONTHS / f"{month}.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def named_in(warehouse: Path, manifest: Mapping[str, Any]) -> set[str]:
    """The directories that a manifest names, by their absolute paths."""
    return {
        str(warehouse / part["directory"])
        for told in manifest.get("tables", {}).values()
        for part in told["directories"]
    }


def _written_directories(warehouse: Path) -> list[Path]:
    return [
        directory
        for table in warehouse.iterdir()
        if TABLE.fullmatch(table.name) and table.is_dir()
        for month in table.iterdir()
        if FORM.fullmatch(month.name) and month.is_dir()
        for directory in month.iterdir()
        if directory.is_dir()
    ]


def _write_whole(path: Path, content: bytes) -> None:
    staged = path.with_name(f".{path.name}.new")
    with staged.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    staged.replace(path)
    _sync(path.parent)


def _sync_all(directory: Path) -> None:
    for path in [*directory.iterdir(), directory, directory.parent]:
        if path.is_file() or path.is_dir():
            _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
