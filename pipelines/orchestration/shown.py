"""What an analyst is shown of a table's month: rows, figures, columns, its first rows, its report.

Belongs here: the metadata of assets, the same for a month in work and for one that is closed. No
cell that says who somebody is goes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb

from pipelines.book.programmes import running_sections
from pipelines.engines.duck import quoted
from pipelines.extracts.load import Load
from pipelines.extracts.shapes import Shape
from pipelines.orchestration.columns import column_schema
from pipelines.orchestration.figures import count_rows, extract_figures, model_figures
from pipelines.orchestration.links import Links
from pipelines.orchestration.looked import Looked
from pipelines.orchestration.markdown import as_markdown
from pipelines.orchestration.masking import MASK, is_shown
from pipelines.rules.models import Model, rows_of
from pipelines.rules.report_shapes import REPORT_SHAPES
from schemas.cells import Cell

SAMPLE_ROWS = 10
# Of a table that a closed month does not keep.
NOT_KEPT = "only the month in work keeps this table's rows; close the month again to see them"
Metadata = dict[str, Any]


def model_metadata(
    looked: Looked, model: Model, links: Links, counted: int | None = None
) -> Metadata:
    """What is shown of a rule's table in a month. In: also its rows where they are counted."""
    if model.is_view:
        return {"kind": "a view: no rows of its own"}
    if not looked.holds(model):
        return {"rows": NOT_KEPT}
    shape = REPORT_SHAPES.get(model.table)
    cells: Mapping[str, Cell] = shape.cells if shape else {}
    columns, first = _first(looked, model)
    metadata: Metadata = {
        "dagster/row_count": count_rows(looked, model) if counted is None else counted,
        **model_figures(looked, model),
        "first rows": masked(columns, first, cells),
    }
    if shape is None:  # of a report they are known before
        metadata["dagster/column_schema"] = column_schema(columns, {})
    if model.order is not None and looked.runs(model) and not (shape and shape.each):
        metadata["report"] = links.page(looked.month, model.programme)
    return metadata


def book_metadata(looked: Looked) -> Metadata:
    """What is shown of the policy in force in a month."""
    policy = looked.policy
    return {
        "programmes": ", ".join(running_sections(policy)),
        "company": policy.company.name,
        "opening month": policy.company.opening_month.text,
        "quality.max_quarantined_share": float(policy.max_quarantined_share),
    }


def _first(looked: Looked, model: Model) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """A table's columns and first rows: of a report in its order, of another as they were written.

    To sort another takes as long as its rule. Rows in Parquet, under a view, have no order of their
    own; the first of them by their key are soon found.
    """
    rows = rows_of(model, looked.month.text)
    try:
        return looked.first(rows, model.order or "rowid", SAMPLE_ROWS)
    except duckdb.BinderException:
        columns, _ = looked.first(rows, "all", 0)
        key = [quoted(name) for name in model.grain if name in columns]
        return looked.first(rows, ", ".join(key or ["all"]), SAMPLE_ROWS)


def masked(
    columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]], cells: Mapping[str, Cell]
) -> dg.MarkdownMetadataValue:
    """Rows with a mask for what may be personal. In: also the cells that are declared."""
    shown = [is_shown(name, kind, cells) for name, kind in columns.items()]
    told = [
        [cell if is_plain or cell is None else MASK
         for cell, is_plain in zip(row, shown, strict=True)]
        for row in rows
    ]  # fmt: skip
    return dg.MetadataValue.md(as_markdown([*columns], told))


def extract_metadata(looked: Looked, shape: Shape, load: Load) -> Metadata:
    """What is shown of a table of the drop in a month. In: also the counts of its load."""
    share = load.quarantined / load.rows if load.rows else 0.0
    return {
        "dagster/row_count": load.loaded,
        "file": load.file or "none in this drop",
        "rows in the file": load.rows,
        "known already": load.known_already,
        "quarantined": load.quarantined,
        "share quarantined": share,
        **extract_figures(looked, shape),
        "what was quarantined and why": (
            quarantine(looked, shape.table) if load.quarantined else dg.MetadataValue.md("nothing")
        ),
    }


def load_of(looked: Looked, table: str) -> Load:
    """What became of a table's file in a month that was loaded."""
    found = looked.rows(
        'select file, rows, loaded, known_already, quarantined from quality.loads '
        'where drop_month = $1 and "table" = $2', looked.month.text, table,
    )  # fmt: skip
    return Load(table, *found[0]) if found else Load(table, "", 0, 0, 0, 0)


def quarantine(looked: Looked, table: str) -> dg.MarkdownMetadataValue:
    """The table's quarantined rows of the month by code and column, with the first lines."""
    rows = looked.rows(
        """
        select code, coalesce("column", ''), count(*), min(file), min(line)
        from quality.quarantine where drop_month = $1 and "table" = $2
        group by all order by all
        """,
        looked.month.text, table,
    )  # fmt: skip
    names = ["code", "column", "rows", "file", "first line"]
    return dg.MetadataValue.md(as_markdown(names, rows))
