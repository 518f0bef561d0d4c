"""Rows as a Markdown table, which is how Dagster shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def as_markdown(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; cells of an extract cannot break out of it."""
    lines = [[cell_text(name) for name in names], ["---"] * len(names)]
    lines += [["" if cell is None else cell_text(str(cell)) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cell_text(text: str) -> str:
    """A cell's text as it stands in Markdown: on one line, and nothing in it is markup."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
