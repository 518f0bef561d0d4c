"""Where rows in Parquet lie, what a month's manifest says of them, and what is swept: no Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.engines.duck import open_file
from pipelines.engines.parquet_months import (
    claim_warehouse,
    commit_month,
    is_whole,
    read_manifest,
    sweep,
)
from pipelines.engines.parquet_tables import ParquetTables, forget_months, has_catalogue
from pipelines.extracts.warehouse import open_warehouse
from pipelines.stop import Stop

TABLE = "finance.totals"
COLUMNS = {"close_month": "VARCHAR", "bv": "DECIMAL(18,2)"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "work.duckdb"


@pytest.fixture
def tables(tmp_path: Path, file: Path) -> Iterator[ParquetTables]:
    with open_warehouse(file) as con:
        found = ParquetTables(con, tmp_path / "tables")
        found.warehouse.mkdir()
        found.prepare()
        yield found


def add(tables: ParquetTables, month: str, bv: str, table: str = TABLE) -> Path:
    """Add a row of a month to a table; out: its directory."""
    directory = tables.new_directory(table, month)
    rows = f"select '{month}' as close_month, cast({bv} as decimal(18, 2)) as bv"
    tables.con.execute(f"copy ({rows}) to '{directory}/part-0.parquet' (format parquet)")
    tables.add(table, month, directory)
    tables.show(table, COLUMNS)
    return directory


def rows(tables: ParquetTables) -> list[str]:
    found = tables.con.execute(f"select bv from {TABLE} order by 1").fetchall()
    return [str(bv) for (bv,) in found]


def test_a_tables_rows_are_those_of_its_directories(tables: ParquetTables) -> None:
    assert has_catalogue(tables.con)
    tables.show(TABLE, COLUMNS)
    assert rows(tables) == [] and tables.columns(TABLE) == COLUMNS
    add(tables, "2020-01", "1")
    add(tables, "2020-02", "2")
    add(tables, "2020-02", "3")
    assert rows(tables) == ["1.00", "2.00", "3.00"]
    tables.forget(TABLE, "2020-02")
    tables.show(TABLE, COLUMNS)
    assert rows(tables) == ["1.00"] and tables.columns(TABLE) == COLUMNS


def test_a_part_of_a_month_is_forgotten_without_the_others(tables: ParquetTables) -> None:
    made = {}
    for part, month in (("orders", "2020-01"), ("leads", "2020-01"), ("orders", "2020-02")):
        made[part, month] = directory = tables.new_directory(TABLE, month)
        rows_of_part = f"select '{month}' as close_month, cast(1 as decimal(18, 2)) as bv"
        tables.con.execute(f"copy ({rows_of_part}) to '{directory}/part-0.parquet'")
        assert tables.add(TABLE, month, directory, part) == 1
    tables.forget(TABLE, "2020-01", "2020-01", "orders")
    left = [str(made[each]) for each in (("leads", "2020-01"), ("orders", "2020-02"))]
    assert tables.directories(TABLE) == left


def test_a_directory_without_rows_is_of_no_table(tables: ParquetTables) -> None:
    directory = tables.new_directory(TABLE, "2020-01")
    tables.add(TABLE, "2020-01", directory)
    tables.con.execute(
        f"copy (select 1 as bv where false) to '{directory}/part-0.parquet' (format parquet)"
    )
    tables.add(TABLE, "2020-01", directory)
    assert tables.directories(TABLE) == []


def test_no_two_directories_are_the_same(tables: ParquetTables) -> None:
    made = {tables.new_directory(TABLE, "2020-01") for _ in range(50)}
    assert len(made) == 50 and all(not any(each.iterdir()) for each in made)


def test_a_month_is_whole_under_its_seal_as_long_as_everything_is_there(
    tables: ParquetTables,
) -> None:
    directory = add(tables, "2020-01", "1")
    assert not is_whole(tables, "2020-01", "seal")
    commit_month(tables, "2020-01", "seal")
    assert is_whole(tables, "2020-01", "seal") and not is_whole(tables, "2020-01", "another")
    assert not is_whole(ParquetTables(tables.con, Path("/elsewhere")), "2020-01", "seal")
    told = read_manifest(tables.warehouse, "2020-01")["tables"][TABLE]
    place = directory.relative_to(tables.warehouse).as_posix()
    assert told == {
        "columns": COLUMNS,
        "directories": [{"directory": place, "month": "2020-01", "rows": 1}],
    }
    directory.rename(directory.with_name("gone"))
    assert not is_whole(tables, "2020-01", "seal")


def test_a_manifest_that_is_spoiled_is_none(tables: ParquetTables) -> None:
    commit_month(tables, "2020-01", "seal")
    (tables.warehouse / "months" / "2020-01.json").write_text("[")
    assert read_manifest(tables.warehouse, "2020-01") == {}


def test_what_nobody_names_is_swept(tables: ParquetTables, file: Path) -> None:
    kept: list[Path] = []
    nobodys: list[Path] = []
    for month in ("2020-01", "2020-02", "2020-03"):
        tables.forget(TABLE)
        made = add(tables, month, "1")
        commit_month(tables, month, "seal")
        (nobodys if month == "2020-01" else kept).append(made)
    tables.forget(TABLE)
    kept.append(add(tables, "2020-04", "1"))
    nobodys.append(tables.new_directory(TABLE, "2020-04"))
    others = tables.warehouse / "somebody's" / "2020-01" / "rows"
    others.mkdir(parents=True)
    tables.con.close()
    sweep(tables.warehouse, file, None)
    assert [path for path in kept if not path.is_dir()] == []
    assert [path for path in nobodys if path.exists()] == [] and others.is_dir()


def test_manifests_after_the_month_that_was_closed_go(tables: ParquetTables, file: Path) -> None:
    add(tables, "2020-01", "1")
    commit_month(tables, "2020-01", "seal")
    later = add(tables, "2020-02", "2")
    commit_month(tables, "2020-02", "seal")
    tables.forget(TABLE, "2020-02")
    tables.con.close()
    sweep(tables.warehouse, file, None)
    assert later.is_dir()
    sweep(tables.warehouse, file, "2020-01")
    assert not later.exists() and read_manifest(tables.warehouse, "2020-02") == {}


@pytest.mark.parametrize("content", [None, b"no warehouse"])
def test_a_working_file_that_cannot_be_read_names_nothing(
    tables: ParquetTables, file: Path, content: bytes | None
) -> None:
    directory = add(tables, "2020-01", "1")
    tables.con.close()
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    sweep(tables.warehouse, file, None)
    assert not directory.exists()


def test_months_that_are_forgotten_are_read_no_more_and_nothing_is_swept(
    tables: ParquetTables, file: Path
) -> None:
    made = [add(tables, month, "1") for month in ("2020-01", "2020-02", "2020-03")]
    tables.con.execute("create table finance.own (close_month varchar)")
    forget_months(tables.con, "2020-02")
    assert rows(tables) == ["1.00"] and all(each.is_dir() for each in made)


def test_a_file_without_a_catalogue_has_no_months_to_forget() -> None:
    with open_file(None) as con:
        forget_months(con, "2020-01")
        assert not has_catalogue(con)


def test_a_warehouse_is_one_homes(tmp_path: Path) -> None:
    folder, home = tmp_path / "new" / "tables", tmp_path / "home"
    claim_warehouse(folder, home)
    claim_warehouse(folder, home)
    with pytest.raises(Stop, match="belongs to the home"):
        claim_warehouse(folder, tmp_path / "another")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(Stop, match="is not empty and no warehouse of ours"):
        claim_warehouse(tmp_path / "full", home)
    with pytest.raises(Stop, match="is not empty"):
        claim_warehouse(tmp_path / "full" / "something", home)


def test_a_view_over_files_that_are_gone_says_so(tables: ParquetTables) -> None:
    directory = add(tables, "2020-01", "1")
    (directory / "part-0.parquet").unlink()
    with pytest.raises(duckdb.Error):
        rows(tables)
