"""All reports of a month, written into a folder that nobody reads yet (contract 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import duckdb

from pipelines.engines.duck import another_connection
from pipelines.reports.csv_files import know_texts, write_csv, write_quarantine
from pipelines.reports.packs.write import Digests, packs_beside
from pipelines.reports.pages.write import write_pages, write_revision
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.workbook.write import NAME as WORKBOOK
from pipelines.reports.workbook.write import write_workbook
from pipelines.rules.models import Model
from pipelines.rules.report_shapes import REPORT_SHAPES

QUARANTINE = "quarantine.csv"


def write_reports(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> Digests:
    """Write the month's CSV files and pages.

    In: the warehouse with the month's rows, and what is reported of them.
    Out: the digests of the leaders' files, which are too many to read again.
    """
    with (
        packs_beside(con, reported) as digests,
        _beside(con, lambda own: write_workbook(own, reported)),
    ):
        with _beside(con, lambda own: write_csv_files(own, reported)):
            write_pages(con, reported, file_names(reported.printed))
        write_revision(reported)
    return digests


def write_csv_files(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> None:
    """Write the month's CSV files alone, without those of the leaders' packs."""
    folder, month = reported.folder, reported.month.text
    know_texts(con)
    for model in reported.printed:
        path = folder / model.programme / f"{model.name}.csv"
        write_csv(con, model, month, path, REPORT_SHAPES[model.table].columns)
    write_quarantine(con, month, folder / "quality" / QUARANTINE)


def file_names(printed: list[Model]) -> dict[str, list[str]]:
    """The files of each programme, by name: its CSV files, and the workbook of finance."""
    names = {"finance": [WORKBOOK], "quality": [QUARANTINE]}
    for model in printed:
        names.setdefault(model.programme, []).append(f"{model.name}.csv")
    return {programme: sorted(each) for programme, each in names.items()}


@contextmanager
def _beside(
    con: duckdb.DuckDBPyConnection, write: Callable[[duckdb.DuckDBPyConnection], None]
) -> Iterator[None]:
    """Write something, over a connection of its own, while the block writes something else."""
    with another_connection(con) as own, ThreadPoolExecutor(1) as threads:
        written = threads.submit(write, own)
        yield
        written.result()
