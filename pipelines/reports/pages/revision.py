"""The page of a month that was closed again: what has changed since, by member and in total."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.reports.look.tables import Column, Row, Table, whole_table
from pipelines.reports.look.templates import Link, write_page
from pipelines.reports.pages.revised_cells import (
    Change,
    compare_reports,
    read_report,
    write_changes,
)
from pipelines.reports.reported_month import ReportedMonth, SupersededReports

FOLDER = "revision"
CSV = "differences.csv"
SHOWN = 100
ZERO = Decimal("0.00")
STATEMENTS = ("finance/statements.csv", "member_id", "net_bv")
COMMISSIONS = ("finance/subscription_commissions.csv", "consultant_id", "commission")
RECONCILIATION = ("finance/reconciliation.csv", "line", "bv")


def write_changes_since(reported: ReportedMonth, superseded: SupersededReports) -> dict[str, Any]:
    """Compare a month's reports, as they lie, with those that they supersede, and write down what
    has changed; out: what the page of it shows.
    """
    before, after = superseded.folder, reported.folder
    changes = compare_reports(before, after)
    write_changes(after / FOLDER / CSV, changes)
    return {
        "version": superseded.version,
        "reason": superseded.reason,
        "changes": len(changes),
        "files": _by_file(changes),
        "members": _members(before, after),
        "totals": _totals(before, after),
    }


def write_differences(
    before: Path, after: Path, folder: Path, shared: dict[str, Any], compared_with: str
) -> list[Change]:
    """Write a folder with what a month's reports change against others, named in words.

    Nothing of either is changed; out: the differences.
    """
    changes = compare_reports(before, after)
    write_changes(folder / CSV, changes)
    write_page(
        folder / "index.html", "differences.html", [Link("../index.html", "The trial")], **shared,
        compared_with=compared_with, changes=len(changes), files=_by_file(changes),
        members=_members(before, after), totals=_totals(before, after),
    )  # fmt: skip
    return changes


def count_by_file(changes: list[Change]) -> list[tuple[str, int, int, int]]:
    """Of each report that differs, how many rows were added and removed, and cells changed."""
    counted = Counter((change.file, change.change) for change in changes)
    return [
        (file, counted[file, "added"], counted[file, "removed"], counted[file, "changed"])
        for file in sorted({change.file for change in changes})
    ]


def _by_file(changes: list[Change]) -> Table:
    counted = Counter((change.file, change.change) for change in changes)
    rows: list[Row] = [
        {"file": file} | {kind: counted[file, kind] for kind in ("added", "removed", "changed")}
        for file in sorted({change.file for change in changes})
    ]
    columns = (
        Column("file", "Report", "id"), Column("added", "Rows added", "count"),
        Column("removed", "Rows removed", "count"), Column("changed", "Cells changed", "count"),
    )  # fmt: skip
    return whole_table("by-file", "Differences by report", columns, rows, csv=CSV,
                       empty="Nothing has changed.")  # fmt: skip


def _sums(folder: Path, source: tuple[str, str, str]) -> dict[str, Decimal]:
    name, key, figure = source
    sums: dict[str, Decimal] = {}
    for row in read_report(folder, name):
        sums[row[key]] = sums.get(row[key], ZERO) + Decimal(row[figure])
    return sums


def _compared(before: Path, after: Path, source: tuple[str, str, str]) -> dict[str, Row]:
    """By key the figure before, after, and what it has changed by, where it has."""
    old, new = _sums(before, source), _sums(after, source)
    return {
        key: {"before": old.get(key, ZERO), "after": new.get(key, ZERO),
              "change": new.get(key, ZERO) - old.get(key, ZERO)}
        for key in sorted({*old, *new})
        if old.get(key, ZERO) != new.get(key, ZERO)
    }  # fmt: skip


def _members(before: Path, after: Path) -> Table:
    """The members whose net BV or commission has changed, the largest changes first."""
    bv, money = (_compared(before, after, each) for each in (STATEMENTS, COMMISSIONS))
    none = {"before": ZERO, "after": ZERO, "change": ZERO}
    rows: list[Row] = [
        {"member": member or "the house"}
        | {f"bv_{name}": value for name, value in bv.get(member, none).items()}
        | {f"money_{name}": value for name, value in money.get(member, none).items()}
        for member in sorted({*bv, *money})
    ]
    rows.sort(key=lambda row: -abs(row["bv_change"]) - abs(row["money_change"]))
    columns = (
        Column("member", "Member", "id"), Column("bv_before", "Net BV before", "bv"),
        Column("bv_after", "after", "bv"), Column("bv_change", "Change", "signed"),
        Column("money_before", "Commission before", "bv"), Column("money_after", "after", "bv"),
        Column("money_change", "Change", "signed"),
    )  # fmt: skip
    return Table("by-member", "What changes by member", columns, rows[:SHOWN], len(rows),
                 csv=CSV, empty="No member's figures have changed.")  # fmt: skip


def _totals(before: Path, after: Path) -> Table:
    """The totals that have changed: of the reconciliation in BV, of commissions in money."""
    found = _compared(before, after, RECONCILIATION)
    rows: list[Row] = [{"line": line.replace("_", " "), "unit": "BV"} | told
                       for line, told in found.items()]  # fmt: skip
    old, new = (sum(_sums(each, COMMISSIONS).values(), ZERO) for each in (before, after))
    if old != new:
        rows.append({"line": "commissions", "unit": "money", "before": old, "after": new,
                     "change": new - old})  # fmt: skip
    columns = (
        Column("line", "Total"), Column("unit", "In"), Column("before", "Before", "bv"),
        Column("after", "After", "bv"), Column("change", "Change", "signed"),
    )  # fmt: skip
    return whole_table("totals", "What changes in total", columns, rows,
                       empty="No total has changed.")  # fmt: skip
