"""Which columns of a table may be shown in Dagster, whose storage keeps what it is shown.

Belongs here: that nothing personal but ids goes in (contract 4). A column is shown when its type
cannot hold a name or an address, or when every shape that declares a column of its name says that
it is neither personal nor typed by somebody; any other is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipelines.extracts.shapes import SHAPES
from pipelines.rules.report_shapes import REPORT_SHAPES
from schemas.cells import Cell

MASK = "…"
EMAIL = re.compile(r"[^\s@;,:'\"()<>]+@[^\s@;,:'\"()<>]+")
# Texts that the program makes itself, in tables that no shape declares.
OWN_WORDS = frozenset({
    "close_month", "month", "drop_month", "posting_month", "event_month", "file", "table", "code",
    "column", "side", "basis", "place", "programme",
})  # fmt: skip


def _declared() -> Iterator[tuple[str, Cell]]:
    for shape in SHAPES.values():
        yield from shape.cells.items()
    for report in REPORT_SHAPES.values():
        yield from report.cells.items()


def _is_plain(cell: Cell) -> bool:
    return not cell.is_personal and not cell.is_free


PERSONAL = frozenset(name for name, cell in _declared() if not _is_plain(cell))
PLAIN = frozenset(name for name, cell in _declared()) - PERSONAL


def is_shown(name: str, kind: str, cells: Mapping[str, Cell]) -> bool:
    """Whether a column's cells may be shown. In: its name and type, and its table's declared cells.

    Of a declared column its own declaration counts.
    """
    if name in cells:
        return _is_plain(cells[name])
    if name in PERSONAL:
        return False
    is_text = kind.upper() in ("VARCHAR", "TEXT", "STRING", "BLOB") or kind.endswith("[]")
    return not is_text or name in PLAIN or name in OWN_WORDS or name.endswith("_id")


def without_addresses(text: str) -> str:
    """A message without the e-mail addresses that a cell has brought into it."""
    return EMAIL.sub("(an e-mail address)", text)
