"""All reports of a month, written into a folder that nobody reads yet (contract 3)."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.book.policy import Policy
from pipelines.closing.parameters import running_programmes
from pipelines.models import Model
from pipelines.months import Month
from pipelines.reports.csv_files import write_csv, write_quarantine
from pipelines.reports.pages import write_index


def write_reports(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    month: Month,
    models: list[Model],
    folder: Path,
    is_trial: bool,
) -> None:
    """Write the month's CSV files and pages.

    In: the warehouse with the month's rows, the policy in force, the folder to fill.
    """
    programmes = running_programmes(policy)
    for model in models:
        if is_printed(model, programmes):
            path = folder / model.programme / f"{model.name}.csv"
            write_csv(con, model, month.text, path)
    write_quarantine(con, month.text, folder / "quality" / "quarantine.csv")
    write_index(con, policy, month, folder, is_trial)


def is_printed(model: Model, programmes: tuple[str, ...]) -> bool:
    """Whether a model is a report of the month: it has an order, and its sections run."""
    needed = {model.section, model.printed_with} - {None}
    return model.order is not None and needed <= set(programmes)
