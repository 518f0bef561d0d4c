"""`mapping.toml` and the folder `mapping/`, read and checked as a whole (contract 5).

Belongs here: which sections and queries there are, and what two of them may not share. A section is
read by `mapping_sections`; whether a drop's files have what is named is found as they are read.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.book.mapping import Mapping, TableMapping
from pipelines.book.mapping_sections import read_source, read_table
from pipelines.book.toml_reading import Section, nearest, read_toml
from pipelines.stop import Stop
from schemas.cells import Cell

LONGEST_QUERY = 1 << 20
Tables = dict[str, dict[str, Cell]]


def is_mapping(place: Path) -> bool:
    """Whether a folder of the book holds a mapping."""
    return any((place / name).exists() or (place / name).is_symlink() for name in
               ("mapping.toml", "mapping"))  # fmt: skip


def read_mapping(place: Path, tables: Tables, ranks: tuple[str, ...]) -> Mapping:
    """Read and check the mapping that lies in a folder.

    In: the folder, our tables with their columns, the policy's ranks. Stop names the file and the
    key or line that is wrong, with the nearest name that there is.
    """
    path, folder = place / "mapping.toml", place / "mapping"
    content = read_toml(path) if path.exists() or path.is_symlink() else {}
    sources = Section(path, "sources", content.pop("sources", {})).rest()
    mapping = Mapping(
        tables=_read_tables(path, content, tables, ranks),
        sources={name: read_source(path, name, section) for name, section in sources.items()},
        queries=_read_queries(folder, tables),
        path=path,
        folder=folder,
    )
    _check_names(mapping)
    return mapping


def _read_tables(
    path: Path, content: dict[str, object], tables: Tables, ranks: tuple[str, ...]
) -> dict[str, TableMapping]:
    for name in content:
        if name not in tables:
            known = [*tables, "sources"]
            raise Stop(f"{path}: [{name}]: no such table, {nearest(name, known)}")
    return {
        name: read_table(path, name, section, tables[name], ranks)
        for name, section in content.items()
    }


def _check_names(mapping: Mapping) -> None:
    for table in mapping.queries:
        if table in mapping.tables:
            raise Stop(
                f"{mapping.path}: [{table}]: the table is made by {mapping.query_path(table)}; "
                f"keep one of them"
            )
    seen: dict[str, str] = {}
    for name, source in mapping.sources.items():
        if (other := seen.setdefault(name.lower(), name)) != name:
            raise Stop(
                f"{mapping.path}: sources.{name}: SQL cannot tell it from {other!r}; rename one"
            )
        if source.is_lookup and not (mapping.folder / source.file).is_file():
            raise Stop(
                f"{mapping.path}: sources.{name}.file: there is no {mapping.folder / source.file}"
            )
    files = {table: told.file for table, told in mapping.tables.items()}
    files |= {f"sources.{name}": told.file for name, told in mapping.sources.items()
              if not told.is_lookup}  # fmt: skip
    taken: dict[str, str] = {}
    for owner, file in files.items():
        if (other := taken.setdefault(file, owner)) != owner:
            raise Stop(f"{mapping.path}: {other} and {owner} both take the file {file!r}")


def _read_queries(folder: Path, tables: Tables) -> dict[str, str]:
    if not folder.exists() and not folder.is_symlink():
        return {}
    if not folder.is_dir():
        raise Stop(f"{folder}: must be a folder, with the SQL of tables and look-up files")
    queries = {}
    for path in sorted(folder.glob("*.sql")):
        if path.stem not in tables:
            raise Stop(f"{path}: no table is called so, {nearest(path.stem, list(tables))}")
        queries[path.stem] = _read_query(path)
    return queries


def _read_query(path: Path) -> str:
    if not path.is_file():
        raise Stop(f"{path}: must be an ordinary file with one select")
    if path.stat().st_size > LONGEST_QUERY:
        raise Stop(f"{path}: is over {LONGEST_QUERY} bytes long, the limit of a query")
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{path}: is not UTF-8: save it as that") from error
