"""Qualification and benefits windows: `calendar.csv` as typed, validated values (contract 1)."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path

from pipelines.book.toml_reading import read_settings
from pipelines.months import Month
from pipelines.stop import Stop, show_text, show_value
from schemas.forms import DAY


@dataclass(frozen=True)
class Window:
    """A month's qualification window and the benefits window that belongs to it."""

    month: Month
    qualification_start: date
    qualification_end: date
    benefits_start: date
    benefits_end: date


def read_calendar(path: Path) -> tuple[Window, ...]:
    """The calendar's windows in order of their months.

    Stop names the file, the line, what was found and what it must be: starts are Mondays, ends are
    Sundays, one row a month, windows of a kind follow each other without gap or overlap.
    """
    windows = [_parse_row(path, line, row) for line, row in _read_rows(path)]
    windows.sort(key=lambda window: window.month)
    for before, window in zip(windows, windows[1:], strict=False):
        _check_follows(path, before, window)
    return tuple(windows)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows with the line that each begins in, as an editor counts."""
    text = read_settings(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if any(record):
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        told = "a quote is not closed, or one inside a quoted cell is not written twice"
        raise Stop(f"{path}: cannot be read: line {line}: {told}") from error
    return _name_cells(path, records)


def _name_cells(
    path: Path, records: list[tuple[int, list[str]]]
) -> list[tuple[int, dict[str, str]]]:
    names = [field.name for field in fields(Window)]
    at, header = records[0] if records else (1, [])
    if sorted(header) != sorted(names):
        raise Stop(f"{path}: line {at}: {_explain_header(header, names)}")
    for line, row in records[1:]:
        if len(row) != len(header):
            count = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            raise Stop(f"{path}: line {line}: {count}, must be {len(header)}")
    return [(line, dict(zip(header, row, strict=True))) for line, row in records[1:]]


def _explain_header(header: list[str], names: list[str]) -> str:
    for delimiter, told in ((";", "';'"), ("\t", "a tab")):
        if len(header) == 1 and delimiter in header[0]:
            return f"the delimiter seems to be {told}, must be ','"
    missing = [name for name in names if name not in header]
    others = [show_text(name) for name in header if name not in names]
    why = [f"missing: {', '.join(missing)}"] if missing else []
    why += [f"not known: {', '.join(others[:5])}"] if others else []
    return f"found the columns {show_value(header)}; {'; '.join(why) or 'one stands twice'}"


def _parse_row(path: Path, line: int, row: dict[str, str]) -> Window:
    try:
        month = Month.parse(row["month"])
    except ValueError as error:
        raise Stop(f"{path}: line {line}: month: {error}") from error
    days = {name: _parse_day(path, line, name, row[name]) for name in row if name != "month"}
    window = Window(month, **days)
    if not month.start <= window.qualification_end <= month.end:
        found = window.qualification_end
        raise Stop(f"{path}: line {line}: qualification_end {found} does not lie in {month}")
    for start, end in (
        ("qualification_start", "qualification_end"),
        ("benefits_start", "benefits_end"),
    ):
        if days[end] < days[start]:
            raise Stop(f"{path}: line {line}: {end} {days[end]} is before {start} {days[start]}")
    if window.benefits_start <= window.qualification_end:
        found = window.benefits_start
        raise Stop(f"{path}: line {line}: benefits_start {found} is not after qualification_end")
    return window


def _parse_day(path: Path, line: int, name: str, text: str) -> date:
    try:
        if not re.fullmatch(DAY, text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Stop(
            f"{path}: line {line}: {name}: found {show_value(text)}, must be a date (YYYY-MM-DD)"
        ) from error
    if name.endswith("_start") and day.weekday() != 0:
        raise Stop(f"{path}: line {line}: {name} {day} is not a Monday")
    if name.endswith("_end") and day.weekday() != 6:
        raise Stop(f"{path}: line {line}: {name} {day} is not a Sunday")
    return day


def _check_follows(path: Path, before: Window, window: Window) -> None:
    if before.month == window.month:
        raise Stop(f"{path}: {window.month} stands twice; one row a month")
    for kind in ("qualification", "benefits"):
        end: date = getattr(before, f"{kind}_end")
        start: date = getattr(window, f"{kind}_start")
        if start != end + timedelta(days=1):
            raise Stop(
                f"{path}: {window.month}: {kind}_start {start} must be {end + timedelta(days=1)}, "
                f"the day after {before.month}'s {kind}_end: no gap, no overlap"
            )
