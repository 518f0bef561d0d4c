"""What differs between a month's CSV files and those that they supersede (contract 4).

Belongs here: which rows of two files are the same row, and `revision/differences.csv`.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from pipelines.extracts.csv_bytes import take_long_cells

Cells = dict[str, str]
# What makes a row of a file one of a kind.
KEYS: dict[str, tuple[str, ...]] = {
    "referral/qualification.csv": ("seat_id",), "referral/assignments.csv": ("order_id",),
    "referral/leads.csv": ("lead_id",),
    "referral/reassignments.csv": ("requested_at", "order_id"),
    "finance/bv_ledger.csv": ("entry", "source_id", "member_id"),
    "finance/statements.csv": ("member_id",), "finance/volume.csv": ("member_id",),
    "finance/reconciliation.csv": ("line",), "finance/sales.csv": ("channel", "currency"),
    "finance/journal.csv": ("document", "account", "party_id"),
    "finance/subscription_commissions.csv": ("billing_id",),
    "inactivity/flagged.csv": ("member_id",), "inactivity/removed.csv": ("member_id",),
    "inactivity/still_present.csv": ("member_id",), "inactivity/compression.csv": ("member_id",),
    "inactivity/effect.csv": ("member_id",), "inactivity/lists.csv": ("leader_id", "member_id"),
    "inactivity/notices.csv": ("member_id", "role"), "returns/decisions.csv": ("ran_id",),
    "returns/lines.csv": ("ran_id", "product_code"), "returns/unmatched.csv": ("reversal_id",),
    "returns/follow_ups.csv": ("representative_id", "due_to", "order_id", "task"),
    "customers/owners.csv": ("customer_email",), "customers/value.csv": ("owner_id",),
    "customers/subscriptions.csv": ("subscription_id",), "customers/parties.csv": ("party_id",),
    "onboarding/accounts.csv": ("account_id",), "onboarding/funnel.csv": ("partner_id",),
    "quality/quarantine.csv": ("table", "file", "line", "code", "column"),
}  # fmt: skip
# Where an entry stands in the ledger is no property of it.
NOT_COMPARED = {"finance/bv_ledger.csv": {"posting_no"}}
HEADER = ("file", "key", "change", "column", "before", "after")


@dataclass(frozen=True, order=True)
class Change:
    """A row that came, went, or has another cell; of the first two the last three are empty."""

    file: str
    key: str
    change: str
    column: str = ""
    before: str = ""
    after: str = ""


def read_report(folder: Path, name: str) -> list[Cells]:
    """A CSV's rows by column; none where the month does not have it."""
    path = folder / name
    if not path.is_file():
        return []
    take_long_cells()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compare_reports(before: Path, after: Path) -> list[Change]:
    """Every difference between the CSV files of two folders, by file, key and column."""
    found = [change for name in KEYS for change in _compare(name, before, after)]
    return sorted(found, key=lambda each: tuple(
        text.encode() for text in (each.file, each.key, each.column, each.change)
    ))  # fmt: skip


def _compare(name: str, before: Path, after: Path) -> Iterator[Change]:
    old, new = _by_key(name, before), _by_key(name, after)
    for key in {*old, *new}:
        for place in range(max(len(old[key]), len(new[key]))):
            if place >= len(new[key]):
                yield Change(name, key, "removed")
            elif place >= len(old[key]):
                yield Change(name, key, "added")
            else:
                yield from _compare_cells(name, key, old[key][place], new[key][place])


def _by_key(name: str, folder: Path) -> dict[str, list[Cells]]:
    """A file's rows by their key, those of one key in their order."""
    rows: dict[str, list[Cells]] = defaultdict(list)
    for row in read_report(folder, name):
        rows["/".join(row[column] for column in KEYS[name])].append(row)
    return rows


def _compare_cells(name: str, key: str, before: Cells, after: Cells) -> Iterator[Change]:
    left_out = NOT_COMPARED.get(name, set())
    for column in sorted({*before, *after} - left_out):
        old, new = before.get(column, ""), after.get(column, "")
        if old != new:
            yield Change(name, key, "changed", column, old, new)


def write_changes(path: Path, changes: list[Change]) -> None:
    """Write differences as the contract's CSV; a header alone where there are none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(astuple(change) for change in changes)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
