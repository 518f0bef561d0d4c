"""A story as one page in the house's style, to be read by finance and analysts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pipelines.proof.story import Story
from pipelines.proof.tell_text import (
    tell_decision,
    tell_fact,
    tell_place,
    tell_quarantine,
    timeline,
)
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.look.templates import render_page
from pipelines.stop import Stop

RAW_IS = {
    "sealed": "", "changed": "the file is not the one that was sealed",
    "missing": "the file is missing", "not_text": "the file is no text",
}  # fmt: skip
OPTED_OUT = "withheld: the customer has opted out of contact"


def story_page(story: Story, company: str) -> str:
    """The page's text."""
    return render_page(
        "explain.html",
        company=company,
        story_root="../",
        kind=story.kind,
        id=story.id,
        months=story.months,
        timeline=_timeline(story),
        facts=_facts(story),
        quarantined=_quarantined(story),
        decisions=[
            {"decision": each, "told": tell_decision(each).partition("): ")[2]}
            for each in story.decisions
        ],
        entries=_entries(story),
        places=[tell_place(place) for place in story.queue or ()],
        related=story.related,
    )


def _timeline(story: Story) -> Table:
    rows = [{"day": day, "told": told} for day, told in timeline(story)]
    columns = (Column("day", "Day", "day"), Column("told", "What happened, and why", "long"))
    return whole_table("timeline", "In order of time", columns, rows)


def _facts(story: Story) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "table": fact.table, "drop": fact.drop, "file": fact.file, "line": fact.line,
            "told": tell_fact(fact).partition(": ")[2], "standing": fact.standing,
            "raw": fact.raw if fact.raw is not None
            else RAW_IS[fact.raw_is] or (OPTED_OUT if fact.is_withheld else ""),
        }
        for fact in story.facts
    ]  # fmt: skip
    columns = (
        Column("table", "Table", "id"), Column("drop", "Drop", "month"),
        Column("file", "File", "id"), Column("line", "Line", "count"),
        Column("told", "What it says", "long"), Column("standing", "Stands", "tick"),
        Column("raw", "As it stands in the file", "raw"),
    )  # fmt: skip
    return whole_table("facts", "Facts", columns, rows)


def _quarantined(story: Story) -> Table:
    rows = [
        {"told": tell_quarantine(row), "raw": OPTED_OUT if row.raw is None else row.raw}
        for row in story.quarantined
    ]
    columns = (Column("told", "Row", "long"), Column("raw", "The row as it came", "raw"))
    return whole_table("quarantined", "Left out", columns, rows, empty="No row that names it.")


def _entries(story: Story) -> Table:
    columns = (
        Column("month", "Month", "month"), Column("posting_no", "Posting", "told"),
        Column("order_id", "Order", "id"), Column("entry", "Entry", "code"),
        Column("source_id", "Source", "id"), Column("member_id", "Member", "id"),
        Column("bv", "BV", "told"), Column("event_date", "Day"), Column("reason", "Reason"),
    )  # fmt: skip
    return whole_table("entries", "Ledger entries", columns, list(story.entries))


def check_page_path(path: Path, book_folder: Path, home_folder: Path) -> None:
    """Stop when a page must not be written there: no folder, or one of the book or home."""
    if not path.parent.is_dir():
        raise Stop(f"{path.parent}: there is no such folder; make it, or name another file")
    if path.is_dir():
        raise Stop(f"{path} is a folder; --html names a file")
    for folder in (book_folder, home_folder):
        if path.resolve().is_relative_to(folder.resolve()):
            raise Stop(f"{path} lies inside {folder}, which is only read; name another file")


def write_page(path: Path, text: str) -> None:
    """Write a page for its reader alone, whole or not at all; Stop when it cannot be written."""
    staged = path.with_name(f".{path.name}.new")
    try:
        handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as page:
            page.write(text)
        staged.chmod(0o600)
        staged.replace(path)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise Stop(f"{path}: cannot be written: {error.strerror}") from error
