"""The page of a simulation: totals by figure and month, who would win and who would lose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.months import Month
from pipelines.proof.simulated_figures import FIGURES, Compared, Figure
from pipelines.reports.look.formats import amount, count, signed, signed_count
from pipelines.reports.look.tables import Column, Row, Table, whole_table
from pipelines.reports.look.templates import write_page

MOST = 10
BY_NAME = {figure.name: figure for figure in FIGURES}
SHOWN = ("before", "after", "difference")


@dataclass(frozen=True)
class Simulated:
    """What was simulated: for whom, which policy, from which month on, the months in order.

    `changed` names what is not as it was when the months were closed: a difference may be its
    doing.
    """

    company: str
    policy: str
    start: Month
    months: list[Month]
    changed: list[str]


def write_simulation_page(path: Path, told: Simulated, compared: Compared, found: int) -> None:
    """Write the page; `found` is how many figures differ."""
    totals: dict[str, list[Row]] = {figure.name: [] for figure in FIGURES}
    for row in compared.totals():
        totals[row["figure"]].append(_of_kind(row, BY_NAME[row["figure"]]))
    sections = [_section(figure, totals[figure.name], compared) for figure in FIGURES]
    write_page(
        path, "simulation.html", company=told.company, policy=told.policy, start=told.start.text,
        first=told.months[0].text, last=told.months[-1].text, changed=told.changed, found=found,
        summary=_summary(totals), sections=[section for section in sections if section],
    )  # fmt: skip


def _of_kind(row: Row, figure: Figure) -> Row:
    """A row whose counts are whole numbers."""
    return row | {name: int(row[name]) for name in SHOWN} if figure.is_count else row


def _summary(totals: dict[str, list[Row]]) -> Table:
    """Every figure's sums over all months."""
    rows = []
    for figure in FIGURES:
        sums: dict[str, Any] = {
            name: sum(row[name] for row in totals[figure.name]) for name in SHOWN
        }
        write, write_change = (count, signed_count) if figure.is_count else (amount, signed)
        rows.append({
            "figure": figure.title, "before": write(sums["before"]),
            "after": write(sums["after"]), "difference": write_change(sums["difference"]),
        })  # fmt: skip
    columns = (
        Column("figure", "Figure"), Column("before", "Before", "told"),
        Column("after", "After", "told"), Column("difference", "Difference", "told"),
    )  # fmt: skip
    return whole_table("summary", "All months together", columns, rows)


def _section(figure: Figure, totals: list[Row], compared: Compared) -> dict[str, Any] | None:
    """A figure's totals by month, its winners and losers; None where nobody's differs."""
    if not any(row["differing"] for row in totals):
        return None
    columns = (*_columns(figure, Column("month", "Month", "month")),
               Column("differing", "Lines that differ", "count"))  # fmt: skip
    if any(row["house"] for row in totals):
        columns += (Column("house", "Difference of the house", "signed"),)
    return {
        "id": figure.name, "title": figure.title,
        "tables": [
            whole_table(f"{figure.name}-months", "By month", columns, totals),
            _ranking(figure, "winners", compared.moved(figure, True, MOST)),
            _ranking(figure, "losers", compared.moved(figure, False, MOST)),
        ],
    }  # fmt: skip


def _ranking(figure: Figure, kind: str, rows: list[Row]) -> Table:
    total = rows[0]["members"] if rows else 0
    return Table(
        f"{figure.name}-{kind}", f"Largest {kind}",
        _columns(figure, Column("member", "Member", "id")),
        [_of_kind(row, figure) for row in rows], total, csv="differences.csv", empty="Nobody.",
    )  # fmt: skip


def _columns(figure: Figure, first: Column) -> tuple[Column, ...]:
    plain, change = ("count", "change") if figure.is_count else ("bv", "signed")
    return (
        first, Column("before", "Before", plain), Column("after", "After", plain),
        Column("difference", "Difference", change),
    )  # fmt: skip
