"""Rows of the quarantine that name an id.

Belongs here: what it means that a row names it, and whose rows are shown without their text.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from pipelines.extracts.csv_bytes import take_long_cells
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.story import Quarantined
from pipelines.reports.look.formats import plural
from pipelines.stop import show_text

# The tables in which a customer can opt out of contact.
OPTING = ("orders", "leads")
# How many rows a sentence names.
TOLD = 3


def rows_that_name(looked: Looked, id: str) -> list[Quarantined]:
    """The quarantined rows, up to the last month looked at, that hold the id in key or cell."""
    if not id:
        return []
    found = looked.rows(
        'select "table", drop_month as drop, file, line, key, code, "column", raw '
        "from quality.quarantine where drop_month <= $last "
        "and (contains(key, $id) or contains(raw, $id)) "
        'order by drop_month, "table", file, line, code, "column" nulls first, key',
        id=id,
    )
    rows = [Quarantined(**row) for row in found]
    return _without_opted_out(looked, [row for row in rows if _names(row, id)])


def _cells(raw: str | None) -> list[str]:
    take_long_cells()
    return [cell.strip() for record in csv.reader(io.StringIO(raw or "")) for cell in record]


def _names(row: Quarantined, id: str) -> bool:
    return id in [part.strip() for part in row.key.split("/")] or id in _cells(row.raw)


def _without_opted_out(looked: Looked, rows: list[Quarantined]) -> list[Quarantined]:
    """The rows, without the text of an order or lead of which any row says that it has opted out.

    Which cell of the text is which is not known here, so that all of it is withheld.
    """
    keys = {(row.table, row.key) for row in rows if row.table in OPTING and _opts_out(looked, row)}
    keys |= {("orders", id) for id in opted_out_orders(looked, [row.key for row in rows])}
    return [replace(row, raw=None) if (row.table, row.key) in keys else row for row in rows]


def _opts_out(looked: Looked, row: Quarantined) -> bool:
    """Whether a cell is true, in our words or the vendor's; no other column of theirs can be."""
    mapping = looked.book(Month(row.drop)).mapping.table(row.table)
    values = mapping.values.get("contact_opt_out", {})
    yes = {"true"} | {theirs.strip().lower() for theirs, ours in values.items() if ours == "true"}
    return any(cell.lower() in yes for cell in _cells(row.raw))


def opted_out_orders(looked: Looked, order_ids: list[str]) -> set[str]:
    """Those of the orders whose retail customer has opted out of contact (contract 2.3)."""
    found = looked.rows(
        "select order_id from drops.orders where list_contains($ids, order_id) "
        "and channel = 'retail' and contact_opt_out",
        ids=list(set(order_ids)),
    )
    return {row["order_id"] for row in found}


def quarantined_lines(rows: list[Quarantined]) -> list[str]:
    """A line on each row: where it stands and why it was left out."""
    return [f"{row.drop}  {row.file} line {row.line}  {_why(row)}" for row in rows]


def _why(row: Quarantined) -> str:
    return f"{row.code} {row.column or ''}".rstrip()


def tell_quarantined(rows: list[Quarantined]) -> str:
    """The rows in a sentence's part: where each stands and why it was left out."""
    if not rows:
        return "no quarantined row names it either"
    told = [
        f"{show_text(row.file)} line {row.line} of {row.drop} ({_why(row)})" for row in rows[:TOLD]
    ]
    more = f" and {len(rows) - TOLD} more" if len(rows) > TOLD else ""
    return f"{plural(len(rows), 'quarantined row names', 'quarantined rows name')} it: " + (
        ", ".join(told) + more
    )
