"""The money of rows that were left out: quality.quarantined_money, so that the pages can tell it.

Belongs here: what a quarantined row of money says of its order, amount and currency, as far as it
can be read. No figure of a report is made of it. A duplicate takes nothing out: its first row
stands.
"""

from __future__ import annotations

from pipelines.book.drops import Drop
from pipelines.extracts.reading import Cells
from pipelines.extracts.shapes import Shape
from pipelines.extracts.vendor_cells import our_cell

TABLES = ("orders", "reversals", "billings", "payments")
# A bad row's cells can hold anything, also what is somebody's: only what is a currency is taken.
CURRENCY = "[A-Z]{3}"
AMOUNT = "-?[0-9]{1,12}([.][0-9]{1,2})?"


def quarantined_money(drop: Drop, shape: Shape, cells: Cells, rows: str) -> str | None:
    """The query for what the listed rows of a table of money say; None for other tables.

    In: `rows` is SQL for them, to stand after `from`, with the file's name and line as `file` and
    `shown_line`, their code, and the file's cells.
    """
    if shape.table not in TABLES:
        return None
    order, amount, currency = (
        _cell_text(drop, shape, name, cells) for name in ("order_id", "amount", "currency")
    )
    return f"""
        select '{drop.month}' as drop_month, '{shape.table}' as "table", file,
               cast(shown_line as integer) as line, any_value({order}) as order_id,
               any_value(case when regexp_full_match({amount}, '{AMOUNT}')
                         then cast({amount} as decimal(18, 2)) end) as amount,
               any_value(case when regexp_full_match({currency}, '{CURRENCY}') then {currency} end)
                   as currency
        from {rows} where code <> 'duplicate' group by file, shown_line
    """


def _cell_text(drop: Drop, shape: Shape, name: str, cells: Cells) -> str:
    """SQL for a cell in contract 1's form; null where the table or its file has no such column."""
    mapping = drop.mapping_of(shape.table)
    is_there = name in cells.names or name in mapping.constants
    if name not in shape.cells or not is_there:
        return "cast(null as varchar)"
    return our_cell(name, shape.cells[name], mapping, name in cells.by_value, misfit="null")
