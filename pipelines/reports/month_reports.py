"""All reports of a month, written into a folder that nobody reads yet (contract 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.policy import Policy
from pipelines.closing.parameters import running_programmes
from pipelines.models import Model
from pipelines.months import Month
from pipelines.reports.csv_files import write_csv, write_quarantine
from pipelines.reports.packs import Digests, packs_beside
from pipelines.reports.programme_pages import write_pages
from pipelines.reports.workbook import NAME as WORKBOOK
from pipelines.reports.workbook import write_workbook

QUARANTINE = "quarantine.csv"


def write_reports(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    month: Month,
    models: list[Model],
    folder: Path,
    is_trial: bool,
    inputs: Mapping[str, Any] | None = None,
) -> Digests:
    """Write the month's CSV files and pages.

    In: the warehouse with the month's rows, the policy in force, the folder to fill, and the
    digests of the inputs where the close knows them.
    Out: the digests of the leaders' files, which are too many to read again.
    """
    programmes = running_programmes(policy)
    printed = [model for model in models if is_printed(model, programmes)]
    with (
        packs_beside(con, policy, month, models, folder, is_trial) as digests,
        _workbook_beside(con, policy, month, printed, folder, is_trial),
    ):
        for model in printed:
            write_csv(con, model, month.text, folder / model.programme / f"{model.name}.csv")
        write_quarantine(con, month.text, folder / "quality" / QUARANTINE)
        write_pages(con, policy, month, file_names(printed), folder, is_trial, inputs)
    return digests


def file_names(printed: list[Model]) -> dict[str, list[str]]:
    """The files of each programme, by name: its CSV files, and the workbook of finance."""
    names = {"finance": [WORKBOOK], "quality": [QUARANTINE]}
    for model in printed:
        names.setdefault(model.programme, []).append(f"{model.name}.csv")
    return {programme: sorted(each) for programme, each in names.items()}


@contextmanager
def _workbook_beside(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    month: Month,
    printed: list[Model],
    folder: Path,
    is_trial: bool,
) -> Iterator[None]:
    """Write the workbook while the block does other work: packing it keeps one core busy."""
    with con.cursor() as own, ThreadPoolExecutor(1) as threads:
        workbook = threads.submit(write_workbook, own, policy, month, printed, folder, is_trial)
        yield
        workbook.result()


def is_printed(model: Model, programmes: tuple[str, ...]) -> bool:
    """Whether a model is a report of the month: it has an order, and its sections run."""
    needed = {model.section, model.printed_with} - {None}
    return model.order is not None and needed <= set(programmes)
