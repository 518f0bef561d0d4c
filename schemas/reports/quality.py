"""The report of what was quarantined (contract 1, "Quarantine")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl

CODES = (
    "missing", "type", "value", "duplicate", "conflict", "changed", "reference", "before_order",
    "exceeds_order", "already_linked",
)  # fmt: skip


class Quarantine(Table):
    """One row per fault of a row of the drop: what was left out, and why."""

    table: pl.String = printed("name", "The table of contract 1 that it was read for.")
    file: pl.String = printed("name", "The name of the file.")
    line: pl.Int32 = printed(
        "int", "The record's line: the header is 1 and each record after it the next.", least=1
    )
    # What stands in a bad row's key is anything that somebody typed.
    key: pl.String = printed("text", "The row's key, its parts joined by /.", empty="it has none")
    code: pl.String = printed("code", "What is wrong.", allowed=CODES)
    column: pl.String = printed(
        "name", "The column of the failing cell.", empty="the whole row fails"
    )

    class Config:
        # A mapping in SQL can make several rows of one line, so no columns are a key.
        metadata = reported("quality/quarantine")
